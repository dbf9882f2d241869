package import HTTPWire

/// An event of an HTTP/2 connection.
package enum HTTP2Event: Equatable, Sendable {
    /// A request head. If `isComplete`, there is neither a body nor an `end` event.
    case head(Int32, RequestHead, isComplete: Bool)
    /// A request whose head or trailers break a rule that is answered with a status. Its body is discarded.
    case rejected(Int32, MessageError, isHEAD: Bool)
    /// Body bytes, as a range of the input. Return flow-control credit for them by `consume` or
    /// `discardBytes`.
    case body(Int32, Range<Int>)
    /// The end of a request with a body.
    case end(Int32, HTTPFields)
    /// A stream that ended before its response: reset by the client, or reset because of an error.
    case closed(Int32, byClient: Bool)
    /// The client has acknowledged the shutdown announcement: no further request can be in flight.
    case goAwayAcknowledged
}
