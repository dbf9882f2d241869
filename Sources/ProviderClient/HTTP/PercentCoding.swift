import HTTPFetching
import HTTPWire

/// Percent-encoding of path segments (RFC 3986 §2.1).
enum PercentCoding {
    /// Returns text as one path segment (RFC 3986 §3.3).
    static func encodeSegment(_ text: String) -> String {
        // RFC 3986 §5.2.4: `.` and `..` alone would be removed from the path.
        if text == "." || text == ".." { return text.utf8.map { _ in "%2E" }.joined() }
        return PercentEncodeSet.component.encode(text.utf8)
    }

    /// Returns the bytes of a text with its escapes decoded; invalid escapes stay.
    static func decode(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        var decoded: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let high = bytes[index + 1].hexValue, let low = bytes[index + 2].hexValue
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return decoded
    }
}
