/// What the fields of a head say about the message itself: its host, the length of its body, and what becomes
/// of the connection. Rejects fields that must not be repeated.
struct MessageFraming: Sendable {
    private var host: String?
    private var contentLength: Int64?
    private var codings: TransferCodings?
    private var asksToClose = false
    private var asksToKeepAlive = false
    private var expectsContinue = false
    private var expectsMore = false
    private var singletons = SingletonFields()

    /// Takes note of one field line if it is one that matters here.
    mutating func note(
        _ input: Span<UInt8>, name: Range<Int>, value: Range<Int>
    ) throws(MessageError) {
        // Told apart by length first: most fields are none of these.
        switch name.count {
        case 4 where input.equals(name, "host"): try noteHost(input, value)
        case 6 where input.equals(name, "expect"): noteExpectation(input, value)
        case 10 where input.equals(name, "connection"): try noteConnection(input, value)
        case 12 where input.equals(name, "content-type"): try singletons.note(.contentType)
        case 13 where input.equals(name, "authorization"): try singletons.note(.authorization)
        case 14 where input.equals(name, "content-length"): try noteLength(input, value)
        case 15 where input.equals(name, "idempotency-key"): try singletons.note(.idempotencyKey)
        case 17 where input.equals(name, "transfer-encoding"):
            var codings = codings ?? TransferCodings()
            try codings.append(input, value)
            self.codings = codings
        default: break
        }
    }

    /// Whether a field with a name of this length can be one that matters here.
    static func mayMatter(_ nameCount: Int) -> Bool {
        switch nameCount {
        case 4, 6, 10, 12, 13, 14, 15, 17: true
        default: false
        }
    }

    /// The head that this framing, that request line and those fields make.
    func head(_ line: RequestLine, _ fields: consuming HTTPFields) throws(MessageError) -> RequestHead {
        // RFC 9112 §3.2: required in 1.1, even where an absolute-form target overrides it.
        guard line.isHTTP10 || host != nil else { throw .malformed("HTTP/1.1 requires a Host field") }
        let length = try bodyLength(isHTTP10: line.isHTTP10)
        // RFC 9110 §9.3.8: a client must not send content with TRACE.
        guard line.method != "TRACE" || length == 0 else { throw .malformed("TRACE must not have a body") }
        guard !expectsMore else { throw .expectationFailed }

        var head = RequestHead(
            method: line.method, path: line.target.path, query: line.target.query,
            authority: line.target.authority ?? host ?? "", fields: fields)
        head.contentLength = length
        head.isHTTP10 = line.isHTTP10
        // RFC 9112 §9.3: 1.1 persists unless told not to, 1.0 only if asked to; `close` wins.
        head.keepsAlive = !asksToClose && (!line.isHTTP10 || asksToKeepAlive)
        // RFC 9110 §10.1.1: ignored in 1.0, and moot without a body.
        head.expectsContinue = expectsContinue && !line.isHTTP10 && length != 0
        return head
    }

    /// The head of a request whose framing is not the message's own (RFC 9113 §8.3): the authority stands
    /// in a part of its own, and the stream says where the body ends.
    func head(
        _ method: String, _ target: RequestTarget, authority: String?, hasBody: Bool
    ) throws(MessageError) -> (authority: String, length: Int64?) {
        // RFC 9113 §8.3.1: Host is allowed beside :authority, if it says the same.
        if let authority, let host, !authority.utf8.elementsEqual(host.utf8, by: Self.isSameLetter) {
            throw .malformed("Host and :authority must not differ")
        }
        guard let authority = authority ?? host else { throw .malformed("the request names no host") }
        guard method != "TRACE" || !hasBody else { throw .malformed("TRACE must not have a body") }
        guard !expectsMore else { throw .expectationFailed }
        return (authority, hasBody ? contentLength : 0)
    }

    /// Whether `Expect: 100-continue` was there.
    var asksToContinue: Bool { expectsContinue }

    private static func isSameLetter(_ left: UInt8, _ right: UInt8) -> Bool {
        left.lowercased == right.lowercased
    }

    /// RFC 9112 §6.3, and stricter where it allows a choice: `nil` is chunked.
    private func bodyLength(isHTTP10: Bool) throws(MessageError) -> Int64? {
        guard let codings else { return contentLength ?? 0 }
        guard contentLength == nil else {
            throw .malformed("Content-Length and Transfer-Encoding must not stand together")
        }
        // RFC 9112 §6.1: in 1.0 the framing is faulty.
        guard !isHTTP10 else { throw .malformed("HTTP/1.0 has no Transfer-Encoding") }
        try codings.check()
        return nil
    }

    private mutating func noteHost(_ input: Span<UInt8>, _ value: Range<Int>) throws(MessageError) {
        guard host == nil else { throw .malformed("there must be one Host field only") }
        guard Authority.isValid(input, value) else { throw .malformed("the Host field names no valid host") }
        host = input.text(value)
    }

    /// RFC 9110 §8.6: digits, and only once. A list of equal lengths could be read as one; it is not here.
    private mutating func noteLength(_ input: Span<UInt8>, _ value: Range<Int>) throws(MessageError) {
        guard contentLength == nil else { throw .malformed("there must be one Content-Length only") }
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
    private mutating func noteConnection(_ input: Span<UInt8>, _ value: Range<Int>) throws(MessageError) {
        var list = ListElements(value)
        while let option = list.next(in: input) {
            guard input.isToken(option) else { throw .malformed("Connection must be a list of tokens") }
            if input.equals(option, "close") { asksToClose = true }
            if input.equals(option, "keep-alive") { asksToKeepAlive = true }
        }
    }

    private mutating func noteExpectation(_ input: Span<UInt8>, _ value: Range<Int>) {
        var list = ListElements(value)
        while let expectation = list.next(in: input) {
            if input.equals(expectation, "100-continue") {
                expectsContinue = true
            } else {
                expectsMore = true
            }
        }
    }
}

/// The `Transfer-Encoding` of a request, over all its lines (RFC 9112 §6.1).
struct TransferCodings: Sendable {
    private var isChunked = false
    private var hasOthers = false

    mutating func append(_ input: Span<UInt8>, _ value: Range<Int>) throws(MessageError) {
        var list = ListElements(value)
        while let coding = list.next(in: input) {
            // RFC 9112 §6.3: what follows chunked, even chunked again, leaves the length unknown.
            guard !isChunked else { throw .malformed("chunked must be the last transfer coding") }
            if input.equals(coding, "chunked") {
                isChunked = true
                continue
            }
            let semicolon = input.firstIndex(of: UInt8(ascii: ";"), in: coding)
            let name = input.trimmed(coding.lowerBound..<(semicolon ?? coding.upperBound))
            guard input.isToken(name) else { throw .malformed("Transfer-Encoding must be a list of tokens") }
            // RFC 9112 §7.1: chunked has no parameters.
            guard !input.equals(name, "chunked") else { throw .malformed("chunked takes no parameters") }
            hasOthers = true
        }
    }

    /// Throws unless the coding is chunked and nothing else.
    func check() throws(MessageError) {
        // RFC 9112 §6.3: without chunked at the end the length is unknown, whatever the coding is.
        guard isChunked else { throw .malformed("chunked must be the last transfer coding") }
        guard !hasOthers else { throw .codingNotImplemented }
    }
}

/// Fields whose value is not a list (RFC 9110 §5.3): a second line makes the request ambiguous. `Host` and
/// `Content-Length` are checked where their values are parsed.
struct SingletonFields: OptionSet, Sendable {
    let rawValue: UInt8

    static let contentType = SingletonFields(rawValue: 1)
    static let authorization = SingletonFields(rawValue: 2)
    static let idempotencyKey = SingletonFields(rawValue: 4)

    /// Records a field; throws if it was there before.
    mutating func note(_ field: SingletonFields) throws(MessageError) {
        guard insert(field).inserted else { throw .malformed("there must be one \(field.name) only") }
    }

    private var name: String {
        switch self {
        case .contentType: "Content-Type"
        case .authorization: "Authorization"
        default: "Idempotency-Key"
        }
    }
}

/// Walks over a comma-separated list, skipping empty elements (RFC 9110 §5.6.1.2).
struct ListElements {
    private var rest: Range<Int>

    init(_ range: Range<Int>) { rest = range }

    mutating func next(in input: Span<UInt8>) -> Range<Int>? {
        while !rest.isEmpty {
            let comma = input.firstIndex(of: UInt8(ascii: ","), in: rest)
            let element = input.trimmed(rest.lowerBound..<(comma ?? rest.upperBound))
            rest = (comma.map { $0 + 1 } ?? rest.upperBound)..<rest.upperBound
            if !element.isEmpty { return element }
        }
        return nil
    }
}

extension Span where Element == UInt8 {
    /// Whether these bytes are a token (RFC 9110 §5.6.2).
    func isToken(_ range: Range<Int>) -> Bool {
        !range.isEmpty && end(of: .token, in: range) == range.upperBound
    }
}
