package import HTTPWire

/// An answer. The server adds `Date`, `Content-Length`, `Connection` and `X-Request-Id`, and leaves the body
/// out where the method or status has none (HEAD, 204, 304).
package struct HTTPResponse: Sendable {
    package var status: Int
    package var fields: HTTPFields
    package var body: HTTPBody
    /// Cuts the connection after this many bytes of the answer (head included): the simulator's faults.
    package var cutAfter: Int?

    package init(status: Int, fields: HTTPFields = HTTPFields(), body: HTTPBody = .none) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}

package enum HTTPBody: Sendable {
    case none
    case bytes([UInt8])
    /// Part of a file, sent without passing through our memory (sendfile).
    case file(path: String, offset: Int64, length: Int64)
}
