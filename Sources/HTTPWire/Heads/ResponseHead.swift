/// The status line and header fields of a response.
package struct ResponseHead: Sendable {
    /// How the end of the body is marked (RFC 9112 §6).
    package enum Framing: Equatable, Sendable {
        case length(Int64)
        case chunked
        /// The body ends with the connection: for HTTP/1.0 clients (RFC 9112 §6.3).
        case untilClose
        /// No body follows: 1xx, 204, 304 (RFC 9110 §8.6).
        case none
    }

    package var status: Int
    /// Without `Date`, `Content-Length`, `Transfer-Encoding`, `Connection` and `X-Request-Id`, which are
    /// added when it is written.
    package var fields: HTTPFields
    package var framing: Framing
    /// The 29 bytes of `IMFDate.bytes`.
    package var date: [UInt8]
    package var requestID = ""
    /// Whether the connection closes after this response.
    package var closes = false

    package init(status: Int, fields: HTTPFields, framing: Framing, date: [UInt8]) {
        self.status = status
        self.fields = fields
        self.framing = framing
        self.date = date
    }
}
