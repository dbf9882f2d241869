/// A recursive-descent parser of JSON-like text.
///
/// The recursion is bounded: values nested deeper than the limit are skipped and become null.
struct LenientJSONReader {
    private let bytes: [UInt8]
    private let depthMax: Int
    private var index: Int

    /// The text ends within a value, or has no member where one is required.
    private enum LenientJSONError: Error { case truncated, malformed }

    init(_ bytes: [UInt8], at start: Int, depthMax: Int) {
        self.bytes = bytes
        self.index = start
        self.depthMax = depthMax
    }

    /// Returns the next complete object or array, or `nil`.
    mutating func container() -> JSONValue? {
        skipBlank()
        guard let byte = next, byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") else { return nil }
        return try? value(named: "", depth: 0)
    }

    /// Whether only white space follows.
    var isAtEnd: Bool { Self.skipBlank(bytes, from: index) >= bytes.count }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    // MARK: Values

    private mutating func value(named name: String, depth: Int) throws(LenientJSONError) -> JSONValue {
        skipBlank()
        switch next {
        case nil: throw .truncated
        case UInt8(ascii: "{")?:
            guard depth < depthMax else { return try skipNested() }
            return .object(try object(depth: depth + 1))
        case UInt8(ascii: "[")?:
            guard depth < depthMax else { return try skipNested() }
            return .array(try array(depth: depth + 1))
        case UInt8(ascii: "\"")?, UInt8(ascii: "'")?: return .string(try string())
        case _?: return LenientJSONToken.value(of: token(), named: name)
        }
    }

    private mutating func object(depth: Int) throws(LenientJSONError) -> JSONObject {
        var members = LenientJSONMembers()
        index += 1
        while true {
            skipSeparators()
            switch next {
            case nil: throw .truncated
            case UInt8(ascii: "}")?:
                index += 1
                return members.object
            case _?:
                let name = try name()
                members.add(name, try value(named: name, depth: depth))
            }
        }
    }

    private mutating func name() throws(LenientJSONError) -> String {
        let isQuoted = next == UInt8(ascii: "\"") || next == UInt8(ascii: "'")
        let name = isQuoted ? try string() : String(decoding: token(), as: UTF8.self)
        skipBlank()
        guard let byte = next else { throw .truncated }
        guard byte == UInt8(ascii: ":"), isQuoted || !name.isEmpty else { throw .malformed }
        index += 1
        return name
    }

    private mutating func array(depth: Int) throws(LenientJSONError) -> [JSONValue] {
        var elements: [JSONValue] = []
        index += 1
        while true {
            skipSeparators()
            switch next {
            case nil: throw .truncated
            case UInt8(ascii: "]")?:
                index += 1
                return elements
            case UInt8(ascii: "}")?, UInt8(ascii: ":")?: throw .malformed
            case _?: elements.append(try value(named: "", depth: depth))
            }
        }
    }

    /// Consumes an unquoted token: a number, a literal or anything else. Empty where a value is missing.
    private mutating func token() -> ArraySlice<UInt8> {
        let start = index
        while let byte = next, !Self.isBlank(byte), !Self.delimiters.contains(byte) { index += 1 }
        return bytes[start..<index]
    }

    private mutating func string() throws(LenientJSONError) -> String {
        let quote = bytes[index]
        let start = index + 1
        var end = start
        while end < bytes.count, bytes[end] != quote {
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end < bytes.count else { throw .truncated }
        index = end + 1
        return LenientJSONText.decode(bytes[start..<end])
    }

    /// Skips a nested value without building it.
    private mutating func skipNested() throws(LenientJSONError) -> JSONValue {
        var open = 0
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"): _ = try string()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                open += 1
                index += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                open -= 1
                index += 1
                if open == 0 { return .null }
            default: index += 1
            }
        }
        throw .truncated
    }

    // MARK: Between values

    private static let delimiters = Set(",:{}[]\"'".utf8)

    /// Whether a byte is white space or NUL.
    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0 || (0x09...0x0D).contains(byte)
    }

    private mutating func skipBlank() { index = Self.skipBlank(bytes, from: index) }

    private mutating func skipSeparators() {
        skipBlank()
        while next == UInt8(ascii: ",") {
            index += 1
            skipBlank()
        }
    }

    /// Returns the index after white space, byte order marks and comments.
    static func skipBlank(_ bytes: [UInt8], from start: Int) -> Int {
        var index = start
        while index < bytes.count {
            let rest = bytes[index...]
            if isBlank(bytes[index]) {
                index += 1
            } else if rest.starts(with: [0xEF, 0xBB, 0xBF]) {
                index += 3
            } else if rest.starts(with: "//".utf8) {
                index = rest.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            } else if rest.starts(with: "/*".utf8) {
                let end = rest.dropFirst(2).firstRange(of: Array("*/".utf8))
                index = end?.upperBound ?? bytes.count
            } else {
                break
            }
        }
        return index
    }
}
