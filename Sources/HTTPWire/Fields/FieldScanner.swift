/// A scanner for field values with the rules of RFC 9110 §5.6. A failed match does not advance.
struct FieldScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func scan(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Skips optional whitespace. Always true, so that it can be used in a condition.
    mutating func skipSpace() -> Bool {
        while position < bytes.count, bytes[position].isOptionalSpace { position += 1 }
        return true
    }

    mutating func token() -> String? {
        let start = position
        while position < bytes.count, ByteSet.token.contains(bytes[position]) { position += 1 }
        return position > start ? text(start..<position) : nil
    }

    /// Scans a token, or a quoted string without its quotes and escapes.
    mutating func word() -> String? {
        token() ?? quotedString()
    }

    mutating func quotedString() -> String? {
        let start = position
        guard scan("\"") else { return nil }
        var content: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: content, as: UTF8.self) }
            if byte == UInt8(ascii: "\\") {
                guard position < bytes.count else { break }
                content.append(bytes[position])
                position += 1
            } else {
                content.append(byte)
            }
        }
        position = start
        return nil
    }

    /// `[ "W/" ] DQUOTE *etagc DQUOTE` (RFC 9110 §8.8.3), without escapes.
    mutating func entityTag() -> EntityTag? {
        let start = position
        let isWeak = scan("W")
        guard !isWeak || scan("/"), scan("\"") else {
            position = start
            return nil
        }
        let opaqueStart = position
        while position < bytes.count, bytes[position] > 0x20, bytes[position] != 0x7f {
            let end = position
            if scan("\"") { return EntityTag(text(opaqueStart..<end), isWeak: isWeak) }
            position += 1
        }
        position = start
        return nil
    }

    /// Scans the next element of a comma-separated list, without whitespace around it. Skips empty elements;
    /// commas in quotes do not separate.
    mutating func listElement() -> String? {
        while skipSpace(), scan(",") {}
        guard !isAtEnd else { return nil }
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: ",") {
            if quotedString() == nil { position += 1 }
        }
        var end = position
        while end > start, bytes[end - 1].isOptionalSpace { end -= 1 }
        return text(start..<end)
    }

    /// `BWS "=" BWS word`; bad whitespace is tolerated.
    mutating func assignedWord() -> String? {
        let start = position
        if skipSpace(), scan("="), skipSpace() {
            if let word = word() { return word }
            if isAtParameters { return "" }
        }
        position = start
        return nil
    }

    /// Whether only parameters follow.
    var isAtParameters: Bool {
        var rest = self
        return rest.skipSpace() && (rest.isAtEnd || rest.scan(";"))
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }
}
