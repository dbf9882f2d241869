/// Decoding of the text between the quotes of a string.
enum LenientJSONText {
    private static let replacement = Array("\u{FFFD}".utf8)

    /// Decodes the escapes. Invalid Unicode becomes U+FFFD.
    static func decode(_ quoted: ArraySlice<UInt8>) -> String {
        guard quoted.contains(UInt8(ascii: "\\")) else { return String(decoding: quoted, as: UTF8.self) }
        var text: [UInt8] = []
        text.reserveCapacity(quoted.count)
        var index = quoted.startIndex
        while index < quoted.endIndex {
            guard quoted[index] == UInt8(ascii: "\\"), index + 1 < quoted.endIndex else {
                text.append(quoted[index])
                index += 1
                continue
            }
            index += append(escapeAt: index, in: quoted, to: &text)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Decodes one escape and returns its length in bytes.
    private static func append(
        escapeAt index: Int, in quoted: ArraySlice<UInt8>, to text: inout [UInt8]
    ) -> Int {
        switch quoted[index + 1] {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): return append(unitAt: index, in: quoted, to: &text)
        // An unknown escape denotes its character, as in JavaScript.
        case let other: text.append(other)
        }
        return 2
    }

    private static func append(
        unitAt index: Int, in quoted: ArraySlice<UInt8>, to text: inout [UInt8]
    ) -> Int {
        guard let unit = unit(at: index, in: quoted) else {
            text += replacement
            return 2
        }
        if let scalar = Unicode.Scalar(unit) {
            text += Array(String(Character(scalar)).utf8)
            return 6
        }
        // RFC 8259 §7: characters beyond the basic plane are surrogate pairs.
        guard unit < 0xDC00, let low = self.unit(at: index + 6, in: quoted), (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
        else {
            text += replacement
            return 6
        }
        text += Array(String(Character(scalar)).utf8)
        return 12
    }

    /// Returns the UTF-16 code unit of the `\uXXXX` at an index.
    private static func unit(at index: Int, in quoted: ArraySlice<UInt8>) -> UInt16? {
        guard index + 6 <= quoted.endIndex, quoted[index] == UInt8(ascii: "\\"),
            quoted[index + 1] == UInt8(ascii: "u")
        else { return nil }
        let digits = quoted[(index + 2)..<(index + 6)]
        guard digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else { return nil }
        return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
