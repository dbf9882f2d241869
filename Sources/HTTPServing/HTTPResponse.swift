package import HTTPWire

/// A response. The server adds `Date`, `Content-Length`, `Connection` and `X-Request-Id`, and omits the body
/// where the method or status has none (HEAD, 204, 304).
package struct HTTPResponse: Sendable {
    package var status: Int
    package var fields: HTTPFields
    package var body: HTTPBody
    /// Cuts the connection after this many bytes of the response (head included): the simulator's faults. Not
    /// for a streamed body.
    package var cutAfter: Int?
    /// Sends the response slowly, over HTTP/1.1: the simulator's faults. Not for a streamed body.
    package var trickle: ThrottledBody?
    /// Closes the connection after this response.
    package var closes = false

    package init(status: Int, fields: HTTPFields = HTTPFields(), body: HTTPBody = .none) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}

extension HTTPResponse {
    /// Cancels the body of a response that is not sent.
    func cancelBody() {
        if case .stream(let source) = body { source.cancel() }
    }
}
