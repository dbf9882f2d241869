/// Percent-encoding (RFC 3986 §2.1), strictly.
enum PercentEncoding {
    /// Decodes these bytes of the text; `nil` if a `%` lacks its two digits, or if the result is no UTF-8 or
    /// contains a zero byte.
    static func decode(_ text: String, _ range: Range<Int>) -> String? {
        let source = text.utf8.span
        var index = range.lowerBound
        while index < range.upperBound, source[index] != UInt8(ascii: "%") { index += 1 }
        if index == range.upperBound {
            let start = text.utf8.index(text.startIndex, offsetBy: range.lowerBound)
            return String(text[start..<text.utf8.index(start, offsetBy: range.count)])
        }
        return decode(source, range)
    }

    private static func decode(_ source: Span<UInt8>, _ range: Range<Int>) -> String? {
        var bytes: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound {
            if source[index] != UInt8(ascii: "%") {
                bytes.append(source[index])
                index += 1
                continue
            }
            guard index + 2 < range.upperBound, let high = digit(source[index + 1]),
                let low = digit(source[index + 2])
            else { return nil }
            bytes.append(high << 4 | low)
            index += 3
        }
        return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
