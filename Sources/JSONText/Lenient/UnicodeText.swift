/// The Unicode encodings of JSON (RFC 4627 §3): UTF-8, and UTF-16 and UTF-32 in both byte orders.
enum UnicodeText {
    /// Converts a text to UTF-8 without a byte order mark. Ill-formed UTF-16 and UTF-32 becomes U+FFFD; UTF-8
    /// is unchanged.
    static func utf8(_ text: [UInt8]) -> [UInt8] {
        let head = Array(text.prefix(4))
        switch (head.first, head.dropFirst().first, head.dropFirst(2).first, head.dropFirst(3).first) {
        case (0xEF, 0xBB, 0xBF, _): return Array(text.dropFirst(3))
        case (0xFF, 0xFE, 0, 0): return utf32(text.dropFirst(4), isBig: false)
        case (0, 0, 0xFE, 0xFF): return utf32(text.dropFirst(4), isBig: true)
        case (0xFF, 0xFE, _, _): return utf16(text.dropFirst(2), isBig: false)
        case (0xFE, 0xFF, _, _): return utf16(text.dropFirst(2), isBig: true)
        // Without a mark, the zero bytes of the leading ASCII characters determine the encoding.
        case (let first?, 0, 0, 0) where first != 0: return utf32(text[...], isBig: false)
        case (0, 0, 0, let fourth?) where fourth != 0: return utf32(text[...], isBig: true)
        case (let first?, 0, let third?, _) where first != 0 && third != 0:
            return utf16(text[...], isBig: false)
        case (0, let second?, 0, let fourth?) where second != 0 && fourth != 0:
            return utf16(text[...], isBig: true)
        case _: return text
        }
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>, isBig: Bool) -> [UInt8] {
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        var index = bytes.startIndex
        while index + 1 < bytes.endIndex {
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            units.append(isBig ? first << 8 | second : second << 8 | first)
            index += 2
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }

    private static func utf32(_ bytes: ArraySlice<UInt8>, isBig: Bool) -> [UInt8] {
        var scalars = String.UnicodeScalarView()
        var index = bytes.startIndex
        while index + 3 < bytes.endIndex {
            let four = bytes[index..<(index + 4)].map(UInt32.init)
            let ordered = isBig ? four : four.reversed()
            scalars.append(Unicode.Scalar(ordered.reduce(0) { $0 << 8 | $1 }) ?? "\u{FFFD}")
            index += 4
        }
        return Array(String(scalars).utf8)
    }
}
