/// An invalid or unsupported request, with the response it gets. The rest of the connection cannot be parsed,
/// so the connection closes after the response.
package struct MessageError: Error, Equatable, Sendable {
    /// 400, 414, 417, 421, 431, or 501 for an unknown transfer coding. An unsupported version gets 400, not
    /// 505, because 5xx statuses mean server errors.
    package let status: Int
    /// The API's error code.
    package let code: String
    /// A sentence that names the rule. Contains nothing of the request.
    package let message: String

    init(status: Int, code: String, message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    /// The request violates the syntax or framing rules.
    static func malformed(_ message: String) -> MessageError {
        MessageError(status: 400, code: "bad_request", message: message)
    }

    /// The header section exceeds the limit (RFC 6585 §5).
    static func headersTooLarge(_ message: String) -> MessageError {
        MessageError(status: 431, code: "headers_too_large", message: message)
    }

    /// The request target exceeds the limit (RFC 9110 §15.5.15).
    static let targetTooLong = MessageError(
        status: 414, code: "target_too_long", message: "the request target is too long")

    /// A transfer coding other than chunked (RFC 9112 §6.1).
    static let codingNotImplemented = MessageError(
        status: 501, code: "not_implemented", message: "the only supported transfer coding is chunked")

    /// An `Expect` other than `100-continue` (RFC 9110 §10.1.1).
    static let expectationFailed = MessageError(
        status: 417, code: "expectation_failed", message: "the only supported expectation is 100-continue")

    /// An `https` target on a connection without TLS (RFC 9110 §7.4).
    static let misdirected = MessageError(
        status: 421, code: "misdirected_request", message: "an https target requires a TLS connection")
}
