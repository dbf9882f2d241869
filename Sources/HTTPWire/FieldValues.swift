/// What a client would like (RFC 7240), of what is known here.
package struct Preferences: Equatable, Sendable {
    /// `respond-async`: do not wait for the end of the work.
    package private(set) var respondsAsync = false
    /// `wait=N`: how many seconds the client would wait.
    package private(set) var wait: Int?

    /// Reads the values of all `Prefer` fields. What is unknown or malformed is no preference; of several of
    /// one name the first counts (§2).
    package init(_ values: [String]) {
        var seen: Set<String> = []
        for value in values {
            var scanner = FieldScanner(value)
            while let element = scanner.listElement() {
                var preference = FieldScanner(element)
                guard let name = preference.token()?.lowercased(), seen.insert(name).inserted else {
                    continue
                }
                note(name, preference.assignedWord(), isComplete: preference.isAtParameters)
            }
        }
    }

    private mutating func note(_ name: String, _ value: String?, isComplete: Bool) {
        guard isComplete else { return }
        switch name {
        // §2: an empty value is none.
        case "respond-async" where (value ?? "").isEmpty: respondsAsync = true
        case "wait": wait = value.flatMap { DecimalText.value($0[...]) }.map { Int($0) }
        default: break
        }
    }
}

/// The type of a body (RFC 9110 §8.3.1), in small letters.
package struct MediaType: Equatable, Sendable {
    package let type: String
    package let subtype: String
    /// Names in small letters, values as sent and unquoted.
    package private(set) var parameters: [Parameter] = []

    /// One parameter of a media type.
    package struct Parameter: Equatable, Sendable {
        package let name: String
        package let value: String
    }

    /// Reads a `Content-Type`; `nil` if it is malformed.
    package init?(_ text: String) {
        var scanner = FieldScanner(text)
        guard let type = scanner.token(), scanner.take("/"), let subtype = scanner.token() else { return nil }
        self.type = type.lowercased()
        self.subtype = subtype.lowercased()
        while scanner.skipSpace(), !scanner.isAtEnd {
            guard scanner.take(";"), scanner.skipSpace() else { return nil }
            // RFC 9110 §5.6.6: a parameter may be missing between semicolons, but has no space around its
            // `=`.
            guard let name = scanner.token() else { continue }
            guard scanner.take("="), let value = scanner.word() else { return nil }
            parameters.append(Parameter(name: name.lowercased(), value: value))
        }
    }

    /// Whether a field's value is a list, which a `Content-Type` never is.
    package static func isList(_ text: String) -> Bool {
        var scanner = FieldScanner(text)
        return scanner.listElement() != nil && !scanner.isAtEnd
    }

    /// The value of the first parameter of this name, which must be in small letters.
    package subscript(name: String) -> String? {
        parameters.first { $0.name == name }?.value
    }

    /// Whether it is `application/json` in UTF-8, which is all that JSON may be sent in (RFC 8259 §8.1).
    package var isJSON: Bool {
        guard type == "application", subtype == "json" else { return false }
        return ["utf-8", "utf8", "us-ascii"].contains(self["charset"]?.lowercased() ?? "utf-8")
    }
}

/// The query of a target as `name=value` pairs.
package struct QueryParameters: Equatable, Sendable {
    private var pairs: [String: String] = [:]
    /// Names in the order of their first appearance.
    package private(set) var names: [String] = []
    /// Names that appear more than once. Of their values the first counts.
    package private(set) var duplicates: [String] = []

    /// Reads what follows the `?`. `nil` if an escape is no escape, or what it stands for is not UTF-8. A
    /// plus stands for a space, as forms send it.
    package init?(_ query: String?) {
        for pair in (query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentText.decode(parts[0], plusIsSpace: true),
                let value = PercentText.decode(parts.count == 2 ? parts[1] : "", plusIsSpace: true)
            else { return nil }
            if pairs[name] == nil {
                names.append(name)
                pairs[name] = value
            } else if !duplicates.contains(name) {
                duplicates.append(name)
            }
        }
    }

    package subscript(name: String) -> String? { pairs[name] }
}

/// Escapes of URIs (RFC 3986 §2.1).
package enum PercentText {
    /// The text that this stands for; `nil` if an escape is none, or the outcome is not UTF-8.
    package static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            if byte == UInt8(ascii: "%") {
                guard let high = rest.next()?.hexValue, let low = rest.next()?.hexValue else { return nil }
                bytes.append(high << 4 | low)
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? .space : byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

/// Decimal numbers of fields.
enum DecimalText {
    /// The value of one or more digits; those too large become the largest, for what they bound is smaller.
    static func value(_ digits: Substring) -> Int64? {
        guard !digits.isEmpty, digits.utf8.allSatisfy(\.isDigit) else { return nil }
        return Int64(digits) ?? .max
    }
}

extension Substring {
    /// Without spaces and tabs at the ends.
    func trimmingOptionalSpace() -> Substring {
        var text = self
        while let first = text.utf8.first, first.isOptionalSpace { text.removeFirst() }
        while let last = text.utf8.last, last.isOptionalSpace { text.removeLast() }
        return text
    }
}

/// Reads a field's value from left to right, in the words of RFC 9110 §5.6. What is not there leaves the
/// place as it was.
struct FieldScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Skips optional whitespace. Always true, so that it may stand in a condition.
    mutating func skipSpace() -> Bool {
        while position < bytes.count, bytes[position].isOptionalSpace { position += 1 }
        return true
    }

    mutating func token() -> String? {
        let start = position
        while position < bytes.count, ByteSet.token.contains(bytes[position]) { position += 1 }
        return position > start ? text(start..<position) : nil
    }

    /// A token, or a quoted string without its quotes and escapes.
    mutating func word() -> String? {
        token() ?? quotedString()
    }

    mutating func quotedString() -> String? {
        let start = position
        guard take("\"") else { return nil }
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

    /// `[ "W/" ] DQUOTE *etagc DQUOTE` (RFC 9110 §8.8.3). No escapes there.
    mutating func entityTag() -> EntityTag? {
        let start = position
        let isWeak = take("W")
        guard !isWeak || take("/"), take("\"") else {
            position = start
            return nil
        }
        let opaqueStart = position
        while position < bytes.count, bytes[position] > 0x20, bytes[position] != 0x7f {
            let end = position
            if take("\"") { return EntityTag(text(opaqueStart..<end), isWeak: isWeak) }
            position += 1
        }
        position = start
        return nil
    }

    /// The next element of a comma-separated list, without whitespace around it. Empty ones are skipped;
    /// commas in quotes separate nothing.
    mutating func listElement() -> String? {
        while skipSpace(), take(",") {}
        guard !isAtEnd else { return nil }
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: ",") {
            if quotedString() == nil { position += 1 }
        }
        var end = position
        while end > start, bytes[end - 1].isOptionalSpace { end -= 1 }
        return text(start..<end)
    }

    /// `BWS "=" BWS word`, where whitespace is bad but to be borne.
    mutating func assignedWord() -> String? {
        let start = position
        if skipSpace(), take("="), skipSpace() {
            if let word = word() { return word }
            if isAtParameters { return "" }
        }
        position = start
        return nil
    }

    /// Whether nothing follows but parameters.
    var isAtParameters: Bool {
        var rest = self
        return rest.skipSpace() && (rest.isAtEnd || rest.take(";"))
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }
}
