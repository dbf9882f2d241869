/// An event of an HTTP/1.1 connection.
package enum HTTP1Event: Equatable, Sendable {
    /// A request head. Any number of `body` events and one `end` follow, even without a body.
    case head(RequestHead)
    /// Content without its framing, as a range of the input.
    case body(Range<Int>)
    case end(trailers: HTTPFields)
}
