/// One ASCII character escaped as in URLs, JSON or HTML.
struct SecretEscape {
    let byte: UInt8
    /// The length of the escape in bytes.
    let length: Int

    /// The most bytes of an escape.
    static let lengthMax = 16

    /// The value of characters that a secret cannot contain, such as a zero-width space.
    private static let other: UInt8 = 0xFF

    private static let named: [(name: String, byte: UInt8)] = [
        ("&amp;", UInt8(ascii: "&")), ("&lt;", UInt8(ascii: "<")), ("&gt;", UInt8(ascii: ">")),
        ("&quot;", UInt8(ascii: "\"")), ("&apos;", UInt8(ascii: "'")), ("&sol;", UInt8(ascii: "/")),
        ("&plus;", UInt8(ascii: "+")), ("&equals;", UInt8(ascii: "=")), ("&lowbar;", UInt8(ascii: "_")),
        ("&nbsp;", other), ("&shy;", other), ("&zwj;", other), ("&zwnj;", other), ("&Tab;", other),
        ("&NewLine;", other), ("&ZeroWidthSpace;", other),
    ]

    /// Whether an escape may begin with a byte.
    static func canStart(with byte: UInt8) -> Bool {
        byte == UInt8(ascii: "%") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "&")
    }

    /// Parses `%2F`, `%252F`, `\/`, `\n`, `\x2f`, `\u002f`, `&#47;`, `&#x2F;` or `&amp;`; returns `nil` if
    /// there is none.
    init?(at index: Int, in bytes: [UInt8]) {
        let rest = bytes[index...].prefix(Self.lengthMax)
        switch rest.first {
        case UInt8(ascii: "%")?: self.init(percent: rest)
        case UInt8(ascii: "\\")?: self.init(backslash: rest)
        case UInt8(ascii: "&")?: self.init(ampersand: rest)
        case _: return nil
        }
    }

    private init?(percent rest: ArraySlice<UInt8>) {
        var digits = rest.dropFirst()
        // Repeated encoding turns the percent sign into `%25`.
        while digits.starts(with: "25".utf8), Self.number(digits.dropFirst(2).prefix(2), 16) != nil {
            digits = digits.dropFirst(2)
        }
        guard digits.count >= 2, let byte = Self.number(digits.prefix(2), 16) else { return nil }
        self.byte = byte
        length = digits.startIndex + 2 - rest.startIndex
    }

    private init?(backslash rest: ArraySlice<UInt8>) {
        guard let next = rest.dropFirst().first else { return nil }
        for (letter, digits) in [(UInt8(ascii: "u"), 4), (UInt8(ascii: "x"), 2)] where next == letter {
            guard rest.count >= 2 + digits, let byte = Self.number(rest.dropFirst(2).prefix(digits), 16)
            else { continue }
            self.byte = byte
            length = 2 + digits
            return
        }
        byte = "bfnrtv0".utf8.contains(next) ? Self.other : next
        length = 2
    }

    private init?(ampersand rest: ArraySlice<UInt8>) {
        for (name, byte) in Self.named where rest.starts(with: name.utf8) {
            self.byte = byte
            length = name.utf8.count
            return
        }
        guard let end = rest.firstIndex(of: UInt8(ascii: ";")), rest.starts(with: "&#".utf8) else {
            return nil
        }
        let digits = rest[..<end].dropFirst(2)
        let isHexadecimal = digits.first.map { $0 | 0x20 } == UInt8(ascii: "x")
        guard let byte = Self.number(isHexadecimal ? digits.dropFirst() : digits, isHexadecimal ? 16 : 10)
        else { return nil }
        self.byte = byte
        length = end + 1 - rest.startIndex
    }

    /// Returns the value of digits, or `other` if it is no byte.
    private static func number(_ digits: ArraySlice<UInt8>, _ radix: Int) -> UInt8? {
        // `UInt32(_:radix:)` would accept a sign.
        guard digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else { return nil }
        return UInt32(String(decoding: digits, as: UTF8.self), radix: radix).map {
            UInt8(exactly: $0) ?? other
        }
    }
}
