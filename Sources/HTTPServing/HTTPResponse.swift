package import HTTPWire

/// An answer. The server adds `Date`, `Content-Length`, `Connection` and `X-Request-Id`, and leaves the body
/// out where the method or status has none (HEAD, 204, 304).
package struct HTTPResponse: Sendable {
    package var status: Int
    package var fields: HTTPFields
    package var body: HTTPBody
    /// Cuts the connection after this many bytes of the answer (head included): the simulator's faults.
    package var cutAfter: Int?
    /// Sends the answer slowly, over HTTP/1.1: the simulator's faults.
    package var trickle: ThrottledBody?
    /// Closes the connection after this answer.
    package var closes = false

    package init(status: Int, fields: HTTPFields = HTTPFields(), body: HTTPBody = .none) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}

/// An answer that comes in pieces.
package struct ThrottledBody: Equatable, Sendable {
    /// Bytes of a piece, at least 1; the head counts.
    package var piece: Int
    /// The pause before each piece, at least a millisecond.
    package var pause: Duration
    /// Spaces behind the body, which are never held in memory.
    package var filler: Int64

    package init(piece: Int, pause: Duration, filler: Int64 = 0) {
        self.piece = max(1, piece)
        self.pause = max(pause, .milliseconds(1))
        self.filler = max(0, filler)
    }
}

package enum HTTPBody: Sendable {
    case none
    case bytes([UInt8])
    /// Part of a file, sent without passing through our memory (sendfile).
    case file(path: String, offset: Int64, length: Int64)
    /// A body of unknown length, sent as it becomes available.
    case stream(any BodySource)
}

extension HTTPResponse {
    /// Cancels the body of a response that is not sent.
    func cancelBody() {
        if case .stream(let source) = body { source.cancel() }
    }
}
