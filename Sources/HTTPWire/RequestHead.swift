/// The request line and header fields of one request, after they proved valid.
package struct RequestHead: Equatable, Sendable {
    /// A request method (RFC 9110 §9), as sent: methods are case-sensitive.
    package var method: String
    /// The path of the target, percent-encoding untouched: begins with `/`, or is `*`.
    package var path: String
    /// What follows the `?`, if there is one.
    package var query: String?
    /// The Host, or the authority of an absolute-form target, which then counts instead (RFC 9112 §3.2.2).
    /// Empty only in an HTTP/1.0 request that names none.
    package var authority: String
    package var fields: HTTPFields
    /// Whether the message said that the connection stays open after the answer.
    package var keepsAlive: Bool
    /// Whether `Expect: 100-continue` was sent with a body still to come, in HTTP/1.1.
    package var expectsContinue: Bool
    /// The length of the body where it was stated; 0 without a body, `nil` where only its end will tell.
    package var contentLength: Int64?
    /// Whether it came as HTTP/1.0, whose answers may be neither chunked nor preceded by a 100 (RFC 9112
    /// §6.1, RFC 9110 §15.2).
    package var isHTTP10: Bool

    /// Whether content follows, as far as the head tells.
    package var hasBody: Bool { contentLength != 0 }

    package init(
        method: String, path: String, query: String? = nil, authority: String,
        fields: HTTPFields = HTTPFields()
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.authority = authority
        self.fields = fields
        self.keepsAlive = true
        self.expectsContinue = false
        self.contentLength = 0
        self.isHTTP10 = false
    }
}

/// A request whose head comes in parts (HTTP/2, RFC 9113 §8.3), judged as strictly as one of HTTP/1.1.
///
/// Made once a connection and used for one field section after the other: what it gathers is kept in
/// buffers that stay.
package struct RequestAssembly: Sendable {
    /// The parts that stand in a request line of HTTP/1.1, and the scheme.
    package enum Part: Int, Sendable {
        case method, scheme, authority, path
    }

    private let limits: MessageLimits
    private let secure: Bool

    private var parts: [UInt8] = []
    private var places: [Range<Int>?] = [nil, nil, nil, nil]
    private var fields: [UInt8] = []
    private var lines: [HTTPFields.Line] = []
    private var framing = MessageFraming()
    private var violation: MessageError?
    private var isTrailing = false
    /// The size of the section as RFC 9113 §6.5.2 counts it, in bytes.
    package private(set) var listSize = 0

    /// `secure` says whether the connection has TLS, without which nothing of `https` may be asked for.
    package init(limits: MessageLimits, secure: Bool) {
        self.limits = limits
        self.secure = secure
    }

    /// Begins a section: that of a head, or of trailers.
    package mutating func begin(trailers: Bool) {
        parts.removeAll(keepingCapacity: true)
        for part in places.indices { places[part] = nil }
        fields.removeAll(keepingCapacity: true)
        lines.removeAll(keepingCapacity: true)
        framing = MessageFraming()
        violation = nil
        isTrailing = trailers
        listSize = 0
    }

    /// Takes a part. Each may come once, which the caller has seen to.
    package mutating func set(_ part: Part, _ value: Span<UInt8>) {
        // The names are as long as `:path` at least; the rest is the count of RFC 9113 §6.5.2.
        listSize += value.count + 32 + 7
        if part == .path, value.count > limits.target { return note(.targetTooLong) }
        guard isWithinLimits() else { return }
        let start = parts.count
        parts.append(value)
        places[part.rawValue] = start..<parts.count
    }

    /// Takes a field. The name must be a token in small letters, the value without controls, which the
    /// caller has seen to as well; what begins a line of its own is refused all the same.
    package mutating func append(_ name: Span<UInt8>, _ value: Span<UInt8>) {
        listSize += name.count + value.count + 32
        guard violation == nil, isWithinLimits() else { return }
        let start = fields.count
        fields.append(name)
        let nameEnd = fields.count
        fields.append(UInt8(ascii: ":"))
        fields.append(.space)
        let valueStart = fields.count
        fields.append(value)
        lines.append(
            HTTPFields.Line(
                start: UInt32(start), nameEnd: UInt32(nameEnd), valueStart: UInt32(valueStart),
                valueEnd: UInt32(fields.count)))
        fields.append(.carriageReturn)
        fields.append(.lineFeed)
        do throws(MessageError) {
            try check(name, value)
        } catch { note(error) }
    }

    /// The head that was gathered, or what is wrong with it. The first fault counts.
    package func head(hasBody: Bool) throws(MessageError) -> RequestHead {
        if let violation { throw violation }
        let span = parts.span
        guard let method = places[Part.method.rawValue], let path = places[Part.path.rawValue],
            let scheme = places[Part.scheme.rawValue]
        else {
            // RFC 9113 §8.5: only CONNECT has neither scheme nor path.
            throw .malformed("CONNECT is not implemented")
        }
        try checkScheme(span, scheme)
        let name = span.text(method)
        let target = try RequestTarget(span, path, method: name, secure: secure)
        guard target.authority == nil else { throw .malformed("the path must begin with a slash") }
        var authority: String?
        if let place = places[Part.authority.rawValue] {
            guard Authority.isValid(span, place) else {
                throw .malformed("the authority names no valid host")
            }
            authority = span.text(place)
        }
        let framed = try framing.head(name, target, authority: authority, hasBody: hasBody)
        var head = RequestHead(
            method: name, path: target.path, query: target.query, authority: framed.authority,
            fields: HTTPFields(bytes: Array(fields), lines: Array(lines)))
        head.contentLength = framed.length
        head.expectsContinue = framing.asksToContinue && hasBody
        return head
    }

    /// The trailers that were gathered, or what is wrong with them.
    package func trailers() throws(MessageError) -> HTTPFields {
        if let violation { throw violation }
        return HTTPFields(bytes: Array(fields), lines: Array(lines))
    }

    /// Whether the method is HEAD, whose answer has no content even where it is a refusal.
    package var isHEAD: Bool {
        guard let place = places[Part.method.rawValue] else { return false }
        return parts.span.text(place) == "HEAD"
    }

    private mutating func note(_ violation: MessageError) {
        if self.violation == nil { self.violation = violation }
    }

    private mutating func isWithinLimits() -> Bool {
        if listSize > (isTrailing ? limits.trailers : limits.header) {
            note(.headersTooLarge("the header fields are too large"))
        } else if lines.count >= limits.fields {
            note(.headersTooLarge("there are too many fields"))
        }
        return violation == nil
    }

    private mutating func check(_ name: Span<UInt8>, _ value: Span<UInt8>) throws(MessageError) {
        guard name.isToken(0..<name.count) else { throw .malformed("a field name must be a token") }
        var index = value.endOfText(in: 0..<value.count)
        while index < value.count, value[index] == .tab {
            index = value.endOfText(in: index + 1..<value.count)
        }
        guard index == value.count else { throw .malformed("a control byte stands in the head") }
        if isTrailing {
            try TrailerRules.check(name, 0..<name.count)
        } else {
            guard MessageFraming.mayMatter(name.count) else { return }
            let last = lines[lines.count - 1]
            var framing = self.framing
            try framing.note(fields.span, name: last.name, value: last.value)
            self.framing = framing
        }
    }

    private func checkScheme(_ input: Span<UInt8>, _ scheme: Range<Int>) throws(MessageError) {
        if input.equals(scheme, "http") { return }
        guard input.equals(scheme, "https") else { throw .malformed("the scheme must be http or https") }
        guard secure else { throw .misdirected }
    }

}

/// What one head meant, for when the same bytes come again on its connection.
///
/// The same bytes mean the same, so nothing is judged less strictly: they are only not judged twice.
struct HeadRepetition: Sendable {
    private var known: (bytes: [UInt8], head: RequestHead)?
    private var hasBegun = false

    /// Longer heads are read anew each time, for an idle connection keeps what is remembered here.
    private static let bytesMax = 512

    /// Remembers a head that stood in `range`. Not the first of a connection, which often is the only one,
    /// nor one with a body or before the connection's end.
    mutating func note(_ head: RequestHead, _ input: Span<UInt8>, _ range: Range<Int>) {
        let mayCome = hasBegun && head.contentLength == 0 && head.keepsAlive
        known = mayCome && range.count <= Self.bytesMax ? (input.bytes(range), head) : nil
        hasBegun = true
    }

    /// The head that begins at `offset` if it is the known one; then `offset` is advanced past it.
    func head(in input: Span<UInt8>, at offset: inout Int) -> RequestHead? {
        guard let known, input.count - offset >= known.bytes.count else { return nil }
        let end = offset + known.bytes.count
        guard input.equals(offset..<end, known.bytes) else { return nil }
        offset = end
        return known.head
    }
}
