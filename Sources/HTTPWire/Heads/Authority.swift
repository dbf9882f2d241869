/// The syntax of `uri-host [ ":" port ]` (RFC 9110 §7.2, RFC 3986 §3.2).
enum Authority {
    /// Returns whether the bytes are a host with an optional port. An empty host is invalid in an `http` URI
    /// (RFC 9110 §4.2.1), and so is user information (§4.2.4).
    static func isValid(_ input: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard let hostEnd = endOfHost(input, range), hostEnd > range.lowerBound else { return false }
        if hostEnd == range.upperBound { return true }
        return input[hostEnd] == UInt8(ascii: ":") && isPort(input, hostEnd + 1..<range.upperBound)
    }

    /// Returns whether the bytes are a port. It may be empty (RFC 3986 §3.2.3), and is at most 65535.
    static func isPort(_ input: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var value = 0
        for index in range {
            guard input[index].isDigit, value <= 65535 else { return false }
            value = value * 10 + Int(input[index] - UInt8(ascii: "0"))
        }
        return value <= 65535
    }

    private static func endOfHost(_ input: Span<UInt8>, _ range: Range<Int>) -> Int? {
        guard !range.isEmpty else { return nil }
        if input[range.lowerBound] == UInt8(ascii: "[") {
            guard let close = input.firstIndex(of: UInt8(ascii: "]"), in: range) else { return nil }
            let address = range.lowerBound + 1..<close
            return IPv6Text.isValid(input, address) || isFutureAddress(input, address) ? close + 1 : nil
        }
        var index = range.lowerBound
        while true {
            index = input.end(of: .registeredName, in: index..<range.upperBound)
            guard index < range.upperBound, input.isEscape(at: index, end: range.upperBound) else {
                return index
            }
            index += 3
        }
    }

    /// `"v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )` (RFC 3986 §3.2.2).
    private static func isFutureAddress(_ input: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard range.count >= 4, input[range.lowerBound].lowercased == UInt8(ascii: "v"),
            let dot = input.firstIndex(of: UInt8(ascii: "."), in: range),
            dot > range.lowerBound + 1, dot + 1 < range.upperBound
        else { return false }
        for index in range.lowerBound + 1..<dot where !ByteSet.hexDigit.contains(input[index]) {
            return false
        }
        for index in dot + 1..<range.upperBound {
            let byte = input[index]
            guard ByteSet.registeredName.contains(byte) || byte == UInt8(ascii: ":") else { return false }
        }
        return true
    }
}
