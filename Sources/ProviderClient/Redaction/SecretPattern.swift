/// The bytes of one form of a secret. In a text each of them may be escaped, and filler may separate them:
/// white space, line ends, and everything else that is not visible ASCII, such as zero-width characters.
struct SecretPattern: Hashable, Sendable {
    /// The notation of the bytes.
    enum Notation: Hashable, Sendable {
        /// Characters in this case only, without filler: a short secret could be an ordinary word.
        case exact
        /// Characters in any case.
        case text
        /// Hexadecimal or decimal digits in any case; separators and `0x` are filler.
        case digits
        case base64
    }

    let bytes: [UInt8]
    let notation: Notation

    /// The most filler in bytes between the bytes of the pattern: one escape after each.
    static func fillerMax(of count: Int) -> Int { 64 + SecretEscape.lengthMax * count }

    private static let separators = Array(":-,._;|".utf8)
    private static let hexadecimalPrefixes = [Array("0x".utf8), Array("0X".utf8)]

    /// Returns the end of the pattern in a text if it begins at an index.
    func end(at start: Int, in text: [UInt8]) -> Int? {
        if let end = end(at: start, in: text, isFillerFirst: false) { return end }
        // The `&` of `&#10;` could be a byte of the secret.
        return bytes.contains(where: SecretEscape.canStart) && notation != .exact
            ? end(at: start, in: text, isFillerFirst: true) : nil
    }

    /// - Parameter isFillerFirst: whether what could be filler or a byte of the pattern is filler.
    private func end(at start: Int, in text: [UInt8], isFillerFirst: Bool) -> Int? {
        var index = start
        var fillerRest = notation == .exact ? 0 : Self.fillerMax(of: bytes.count)
        for (position, byte) in bytes.enumerated() {
            while position > 0,
                let length = fillerLength(before: isFillerFirst ? nil : byte, at: index, in: text)
            {
                guard length <= fillerRest else { return nil }
                fillerRest -= length
                index += length
            }
            guard let length = length(of: byte, at: index, in: text) else { return nil }
            index += length
        }
        return index
    }

    /// Returns the length of a byte in the text, plain or escaped; `nil` if another one is there.
    private func length(of byte: UInt8, at index: Int, in text: [UInt8]) -> Int? {
        guard index < text.count else { return nil }
        if SecretEscape.canStart(with: text[index]), let escape = SecretEscape(at: index, in: text),
            matches(escape.byte, byte)
        {
            return escape.length
        }
        return matches(text[index], byte) ? 1 : nil
    }

    /// Returns the length of a piece of filler; `nil` if the wanted byte or another one is there.
    private func fillerLength(before byte: UInt8?, at index: Int, in text: [UInt8]) -> Int? {
        guard index < text.count else { return nil }
        if let byte, matches(text[index], byte) { return nil }
        if !Self.isVisible(text[index]) { return 1 }
        if SecretEscape.canStart(with: text[index]), let escape = SecretEscape(at: index, in: text) {
            return Self.isVisible(escape.byte) ? nil : escape.length
        }
        guard notation == .digits else { return nil }
        if Self.hexadecimalPrefixes.contains(where: text[index...].starts) { return 2 }
        return Self.separators.contains(text[index]) ? 1 : nil
    }

    private func matches(_ found: UInt8, _ wanted: UInt8) -> Bool {
        switch notation {
        case .exact, .base64: found == wanted
        case .text, .digits: found == wanted || Self.lower(found) == Self.lower(wanted)
        }
    }

    static func isHexadecimalDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(lower(byte))
    }

    static func isVisible(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) }

    private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}

extension SecretPattern {
    /// The first bytes that a text may have where the pattern begins, unless it begins with an escape.
    var starts: Set<UInt8> { bytes.first.map(spellings) ?? [] }

    /// The bytes that may follow the first, filler that is not visible left out.
    var seconds: Set<UInt8> {
        guard bytes.count > 1 else { return Set(UInt8.min...UInt8.max) }
        var seconds = spellings(of: bytes[1]).union((UInt8.min...UInt8.max).filter(SecretEscape.canStart))
        if notation == .digits { seconds.formUnion(Self.separators + [UInt8(ascii: "0")]) }
        return seconds
    }

    private func spellings(of byte: UInt8) -> Set<UInt8> {
        switch notation {
        case .exact, .base64: [byte]
        case .text, .digits: [byte, Self.lower(byte), Self.upper(byte)]
        }
    }

    private static func upper(_ byte: UInt8) -> UInt8 { (0x61...0x7A).contains(byte) ? byte & 0xDF : byte }
}
