/// The fields that determine host, body length and connection handling. Rejects duplicates of fields that
/// must be unique.
struct MessageFraming: Sendable {
    private var host: String?
    private var contentLength: Int64?
    private var codings: TransferCodings?
    private var hasClose = false
    private var hasKeepAlive = false
    private var expectsContinue = false
    private var hasUnknownExpectation = false
    private var singletons = SingletonFields()

    /// Processes one field line; ignores unrelated fields.
    mutating func process(
        _ input: Span<UInt8>, name: Range<Int>, value: Range<Int>
    ) throws(MessageError) {
        // Compares the length first: most fields match none of these.
        switch name.count {
        case 4 where input.equals(name, "host"): try readHost(input, value)
        case 6 where input.equals(name, "expect"): readExpectation(input, value)
        case 10 where input.equals(name, "connection"): try readConnection(input, value)
        case 12 where input.equals(name, "content-type"): try singletons.record(.contentType)
        case 13 where input.equals(name, "authorization"): try singletons.record(.authorization)
        case 14 where input.equals(name, "content-length"): try readLength(input, value)
        case 15 where input.equals(name, "idempotency-key"): try singletons.record(.idempotencyKey)
        case 17 where input.equals(name, "transfer-encoding"):
            var codings = codings ?? TransferCodings()
            try codings.append(input, value)
            self.codings = codings
        default: break
        }
    }

    /// Returns whether a field with a name of this length may be relevant.
    static func isRelevant(_ nameCount: Int) -> Bool {
        switch nameCount {
        case 4, 6, 10, 12, 13, 14, 15, 17: true
        default: false
        }
    }

    /// Returns the request head for this framing, request line and fields.
    func head(_ line: RequestLine, _ fields: consuming HTTPFields) throws(MessageError) -> RequestHead {
        // RFC 9112 §3.2: required in HTTP/1.1, even if an absolute-form target overrides it.
        guard line.isHTTP10 || host != nil else { throw .malformed("HTTP/1.1 requires a Host field") }
        let length = try bodyLength(isHTTP10: line.isHTTP10)
        guard !hasUnknownExpectation else { throw .expectationFailed }

        var head = RequestHead(
            method: line.method, path: line.target.path, query: line.target.query,
            authority: line.target.authority ?? host ?? "", fields: fields)
        head.contentLength = length
        head.isHTTP10 = line.isHTTP10
        // RFC 9112 §9.3: HTTP/1.1 connections persist by default, HTTP/1.0 ones on request; `close` takes
        // precedence.
        head.keepsAlive = !hasClose && (!line.isHTTP10 || hasKeepAlive)
        // RFC 9110 §10.1.1: ignored in HTTP/1.0 and without a body.
        head.expectsContinue = expectsContinue && !line.isHTTP10 && length != 0
        return head
    }

    /// Returns authority and body length of an HTTP/2 request (RFC 9113 §8.3): the authority is a
    /// pseudo-header field, and the stream delimits the body.
    func head(
        _ method: String, _ target: RequestTarget, authority: String?, hasBody: Bool
    ) throws(MessageError) -> (authority: String, length: Int64?) {
        // RFC 9113 §8.3.1: Host must equal :authority if both are present.
        if let authority, let host, !authority.utf8.elementsEqual(host.utf8, by: Self.isSameLetter) {
            throw .malformed("Host and :authority must not differ")
        }
        guard let authority = authority ?? host else { throw .malformed("the request names no host") }
        guard !hasUnknownExpectation else { throw .expectationFailed }
        return (authority, hasBody ? contentLength : 0)
    }

    /// Whether the request has `Expect: 100-continue`.
    var hasContinueExpectation: Bool { expectsContinue }

    private static func isSameLetter(_ left: UInt8, _ right: UInt8) -> Bool {
        left.lowercased == right.lowercased
    }

    /// Returns the body length (RFC 9112 §6.3, applied strictly); `nil` for chunked.
    private func bodyLength(isHTTP10: Bool) throws(MessageError) -> Int64? {
        guard let codings else { return contentLength ?? 0 }
        guard contentLength == nil else {
            throw .malformed("Content-Length and Transfer-Encoding must not be combined")
        }
        // RFC 9112 §6.1: in HTTP/1.0 the framing is faulty.
        guard !isHTTP10 else { throw .malformed("HTTP/1.0 has no Transfer-Encoding") }
        try codings.check()
        return nil
    }

    private mutating func readHost(_ input: Span<UInt8>, _ value: Range<Int>) throws(MessageError) {
        guard host == nil else { throw .malformed("there must be only one Host field") }
        guard Authority.isValid(input, value) else { throw .malformed("the Host field has no valid host") }
        host = input.text(value)
    }

    /// RFC 9110 §8.6: digits, only once. A list of equal values is rejected.
    private mutating func readLength(_ input: Span<UInt8>, _ value: Range<Int>) throws(MessageError) {
        guard contentLength == nil else { throw .malformed("there must be only one Content-Length field") }
        guard !value.isEmpty else { throw .malformed("Content-Length is empty") }
        var length: Int64 = 0
        for index in value {
            guard input[index].isDigit else { throw .malformed("Content-Length must be digits only") }
            let (tenfold, overflow) = length.multipliedReportingOverflow(by: 10)
            let (sum, overflowToo) = tenfold.addingReportingOverflow(Int64(input[index] - UInt8(ascii: "0")))
            guard !overflow, !overflowToo else { throw .malformed("Content-Length is out of range") }
            length = sum
        }
        contentLength = length
    }

    /// RFC 9110 §7.6.1: a list of tokens.
    private mutating func readConnection(_ input: Span<UInt8>, _ value: Range<Int>) throws(MessageError) {
        var list = ListElements(value)
        while let option = list.next(in: input) {
            guard input.isToken(option) else { throw .malformed("Connection must be a list of tokens") }
            if input.equals(option, "close") { hasClose = true }
            if input.equals(option, "keep-alive") { hasKeepAlive = true }
        }
    }

    private mutating func readExpectation(_ input: Span<UInt8>, _ value: Range<Int>) {
        var list = ListElements(value)
        while let expectation = list.next(in: input) {
            if input.equals(expectation, "100-continue") {
                expectsContinue = true
            } else {
                hasUnknownExpectation = true
            }
        }
    }
}
