/// Percent-encoding (RFC 3986 §2.1), strictly.
package enum PercentEncoding {
    /// Decodes; `nil` if a `%` lacks its two digits, or if the result is no UTF-8 or contains a zero byte.
    package static func decode(_ text: Substring.UTF8View) -> String? {
        if !text.contains(UInt8(ascii: "%")) { return String(Substring(text)) }
        var bytes: [UInt8] = []
        var rest = text.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }

    /// Decodes text as above.
    package static func decode(_ text: String) -> String? { decode(text[...].utf8) }

    /// The fields of a query (`a=1&b=2`), decoded, in order; `nil` if one cannot be decoded. `+` is a plus.
    package static func fields(ofQuery query: String) -> [(name: String, value: String)]? {
        var fields: [(name: String, value: String)] = []
        for part in query.split(separator: "&") {
            let equals = part.firstIndex(of: "=")
            guard let name = decode(part[..<(equals ?? part.endIndex)].utf8),
                let value = decode(equals.map { part[part.index(after: $0)...].utf8 } ?? "".utf8[...])
            else { return nil }
            fields.append((name, value))
        }
        return fields
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
