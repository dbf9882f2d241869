/// What the bytes of a connection meant.
package enum HTTP1Event: Equatable, Sendable {
    /// A request begins. Its body follows as any number of `body` events and one `end`, also where it has
    /// none.
    case head(RequestHead)
    /// Content, decoded from its framing: a range of the input that was given.
    case body(Range<Int>)
    case end(trailers: HTTPFields)
}

/// How much of a request's framing is read before it is refused, in bytes where nothing else is said.
package struct MessageLimits: Equatable, Sendable {
    /// The field lines of the header section, without the request line.
    package var header: Int
    package var target: Int
    package var trailers: Int
    /// One line that begins a chunk, extensions included.
    package var chunkLine: Int
    /// The extensions of all chunks of one request together (RFC 9112 §7.1.1).
    package var chunkExtensions = 16 * 1024
    /// Field lines in a header or trailer section, by number.
    package var fields = 256
    /// Empty lines before a request line, by number.
    package var emptyLines = 4

    package init(
        header: Int = 16 * 1024, target: Int = 8 * 1024, trailers: Int = 8 * 1024, chunkLine: Int = 1024
    ) {
        self.header = header
        self.target = target
        self.trailers = trailers
        self.chunkLine = chunkLine
    }
}

/// Why what was received is no request that this server takes, and how to say so. Nothing after it on the
/// connection can be understood, so the connection closes with the answer.
package struct MessageError: Error, Equatable, Sendable {
    /// 400, 414, 417, 421, 431, or 501 for a transfer coding that is not implemented. An unsupported protocol
    /// version is 400 and not 505: a 5xx status is meant for faults of the server.
    package let status: Int
    /// The contract's error code.
    package let code: String
    /// A sentence that names the rule. Holds nothing of the request.
    package let message: String

    init(status: Int, code: String, message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    /// The request breaks a rule of the syntax or the framing.
    static func malformed(_ message: String) -> MessageError {
        MessageError(status: 400, code: "bad_request", message: message)
    }

    /// The header section is larger than this server reads (RFC 6585 §5).
    static func headersTooLarge(_ message: String) -> MessageError {
        MessageError(status: 431, code: "headers_too_large", message: message)
    }

    /// The request target is longer than this server reads (RFC 9110 §15.5.15).
    static let targetTooLong = MessageError(
        status: 414, code: "target_too_long", message: "the request target is too long")

    /// A transfer coding other than chunked before the final chunked (RFC 9112 §6.1).
    static let codingNotImplemented = MessageError(
        status: 501, code: "not_implemented", message: "no transfer coding but chunked is implemented")

    /// An `Expect` other than `100-continue` (RFC 9110 §10.1.1).
    static let expectationFailed = MessageError(
        status: 417, code: "expectation_failed", message: "Expect may only be 100-continue")

    /// An `https` target on a connection without TLS (RFC 9110 §7.4).
    static let misdirected = MessageError(
        status: 421, code: "misdirected_request", message: "an https target needs a connection with TLS")
}
