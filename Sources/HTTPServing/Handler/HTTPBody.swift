/// The body of a response.
package enum HTTPBody: Sendable {
    case none
    case bytes([UInt8])
    /// Part of a file, sent without passing through our memory (sendfile).
    case file(BodyFile, offset: Int64, length: Int64)
    /// A body of unknown length, sent as it becomes available.
    case stream(any BodySource)
}
