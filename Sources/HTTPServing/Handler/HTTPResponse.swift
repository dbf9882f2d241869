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
    /// Whether `cutAfter` counts from the first byte of the body.
    package var cutsBody = false
    /// Sends the response slowly, over HTTP/1.1: the simulator's faults. Not for a streamed body.
    package var throttle: ThrottledBody?
    /// Closes the connection after this response.
    package var closes = false

    package init(status: Int, fields: HTTPFields = HTTPFields(), body: HTTPBody = .none) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}

extension HTTPResponse {
    /// The length of the content as the head states it (RFC 9110 §8.6): none where no content can be.
    var framing: ResponseHead.Framing {
        if status < 200 || status == 204 || status == 304 { return .none }
        return switch body {
        case .none: .length(0)
        case .bytes(let bytes): .length(Int64(bytes.count) + (throttle?.padding ?? 0))
        case .file(_, _, let length): .length(length)
        case .stream: .chunked
        }
    }

    /// Bytes of the content; 0 where they are not known yet.
    var contentLength: Int64 {
        if case .length(let count) = framing { count } else { 0 }
    }

    /// Cancels the body of a response that is not sent.
    func cancelBody() {
        if case .stream(let source) = body { source.cancel() }
    }
}
