/// A builder for request heads that arrive field by field (HTTP/2, RFC 9113 §8.3), as strict as HTTP/1.1.
///
/// One per connection; buffers are reused for each field section.
package struct RequestHeadBuilder: Sendable {
    /// The pseudo-header fields of a request.
    package enum Part: Int, Sendable {
        case method, scheme, authority, path
    }

    private let limits: MessageLimits
    private let secure: Bool

    private var parts: [UInt8] = []
    private var ranges: [Range<Int>?] = [nil, nil, nil, nil]
    private var fields: [UInt8] = []
    private var lines: [HTTPFields.Line] = []
    private var framing = MessageFraming()
    private var storedError: MessageError?
    private var isTrailing = false
    /// The size of the section as defined by RFC 9113 §6.5.2, in bytes.
    package private(set) var listSize = 0

    /// `secure`: whether the connection uses TLS, which the scheme `https` requires.
    package init(limits: MessageLimits, secure: Bool) {
        self.limits = limits
        self.secure = secure
    }

    /// Begins a header or trailer section.
    package mutating func begin(trailers: Bool) {
        parts.removeAll(keepingCapacity: true)
        for part in ranges.indices { ranges[part] = nil }
        fields.removeAll(keepingCapacity: true)
        lines.removeAll(keepingCapacity: true)
        framing = MessageFraming()
        storedError = nil
        isTrailing = trailers
        listSize = 0
    }

    /// Sets a pseudo-header field. The caller ensures that each occurs at most once.
    package mutating func set(_ part: Part, _ value: Span<UInt8>) {
        // An approximation of RFC 9113 §6.5.2: 32 bytes plus a name of about seven.
        listSize += value.count + 32 + 7
        if part == .path, value.count > limits.target { return record(.targetTooLong) }
        guard isWithinLimits() else { return }
        let start = parts.count
        parts.append(value)
        ranges[part.rawValue] = start..<parts.count
    }

    /// Appends a field. The caller ensures a lowercase name and a value without control bytes; invalid ones
    /// are rejected here as well.
    package mutating func append(_ name: Span<UInt8>, _ value: Span<UInt8>) {
        listSize += name.count + value.count + 32
        guard storedError == nil, isWithinLimits() else { return }
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
        } catch { record(error) }
    }

    /// Returns the request head, or throws the first error found.
    package func head(hasBody: Bool) throws(MessageError) -> RequestHead {
        if let storedError { throw storedError }
        let span = parts.span
        guard let method = ranges[Part.method.rawValue], let path = ranges[Part.path.rawValue],
            let scheme = ranges[Part.scheme.rawValue]
        else {
            // RFC 9113 §8.5: only CONNECT has neither scheme nor path.
            throw .malformed("CONNECT is not implemented")
        }
        try checkScheme(span, scheme)
        let name = span.text(method)
        let target = try RequestTarget(span, path, method: name, secure: secure)
        guard target.authority == nil else { throw .malformed("the path must begin with a slash") }
        var authority: String?
        if let range = ranges[Part.authority.rawValue] {
            guard Authority.isValid(span, range) else {
                throw .malformed("the authority has no valid host")
            }
            authority = span.text(range)
        }
        let framed = try framing.head(name, target, authority: authority, hasBody: hasBody)
        var head = RequestHead(
            method: name, path: target.path, query: target.query, authority: framed.authority,
            fields: HTTPFields(bytes: Array(fields), lines: Array(lines)))
        head.contentLength = framed.length
        head.expectsContinue = framing.hasContinueExpectation && hasBody
        return head
    }

    /// Returns the trailers, or throws the first error found.
    package func trailers() throws(MessageError) -> HTTPFields {
        if let storedError { throw storedError }
        return HTTPFields(bytes: Array(fields), lines: Array(lines))
    }

    /// Whether the method is HEAD, whose response never has content.
    package var isHEAD: Bool {
        guard let range = ranges[Part.method.rawValue] else { return false }
        return parts.span.text(range) == "HEAD"
    }

    private mutating func record(_ error: MessageError) {
        if storedError == nil { storedError = error }
    }

    private mutating func isWithinLimits() -> Bool {
        if listSize > (isTrailing ? limits.trailers : limits.header) {
            record(.headersTooLarge("the header fields are too large"))
        } else if lines.count >= limits.fields {
            record(.headersTooLarge("there are too many header fields"))
        }
        return storedError == nil
    }

    private mutating func check(_ name: Span<UInt8>, _ value: Span<UInt8>) throws(MessageError) {
        guard name.isToken(0..<name.count) else { throw .malformed("a field name must be a token") }
        var index = value.endOfText(in: 0..<value.count)
        while index < value.count, value[index] == .tab {
            index = value.endOfText(in: index + 1..<value.count)
        }
        guard index == value.count else { throw .malformed("the head contains a control byte") }
        if isTrailing {
            try TrailerRules.check(name, 0..<name.count)
        } else {
            guard MessageFraming.isRelevant(name.count) else { return }
            let last = lines[lines.count - 1]
            var framing = self.framing
            try framing.process(fields.span, name: last.name, value: last.value)
            self.framing = framing
        }
    }

    private func checkScheme(_ input: Span<UInt8>, _ scheme: Range<Int>) throws(MessageError) {
        if input.equals(scheme, "http") { return }
        guard input.equals(scheme, "https") else { throw .malformed("the scheme must be http or https") }
        guard secure else { throw .misdirected }
    }

}
