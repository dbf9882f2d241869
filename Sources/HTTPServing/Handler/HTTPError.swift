/// The reason why the HTTP layer rejects a request. The connection closes after the response.
package struct HTTPError: Error, Equatable, Sendable {
    /// 400, 408, 413, 414, 417, 421, 431, 500, 501 or 503.
    package var status: Int
    /// The contract's error code: `bad_request`, `request_timeout`, `body_too_large`, `headers_too_large`, ….
    package var code: String
    /// A sentence that names the rule.
    package var message: String

    package init(status: Int, code: String, message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    static func timeout(_ message: String) -> HTTPError {
        HTTPError(status: 408, code: "request_timeout", message: message)
    }

    static func bodyTooLarge(_ limit: Int) -> HTTPError {
        HTTPError(status: 413, code: "body_too_large", message: "the body is larger than \(limit) bytes")
    }

    /// The incomplete bodies of all connections together have reached their limit.
    static let tooManyBodies = HTTPError(
        status: 503, code: "too_many_bodies", message: "too many requests are being received; try later")

    /// Every connection that the limit allows is in use.
    static let tooManyConnections = HTTPError(
        status: 503, code: "too_many_connections", message: "too many connections; try later")

    /// A client sent HTTP in the clear to a TLS port.
    static let tlsRequired = HTTPError(
        status: 400, code: "tls_required", message: "this port is for HTTPS: use an https:// address")

    static let fileUnreadable = HTTPError(
        status: 500, code: "internal_error", message: "the content cannot be read")
}
