/// The syntax of `uri-host [ ":" port ]` (RFC 9110 §7.2, RFC 3986 §3.2).
enum Authority {
    /// Whether these bytes name a host, and perhaps a port. An empty host is none: an `http` URI must not
    /// have one (RFC 9110 §4.2.1). User information is refused with the rest (§4.2.4).
    static func isValid(_ input: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard let hostEnd = endOfHost(input, range), hostEnd > range.lowerBound else { return false }
        if hostEnd == range.upperBound { return true }
        return input[hostEnd] == UInt8(ascii: ":") && isPort(input, hostEnd + 1..<range.upperBound)
    }

    /// A port may be empty (RFC 3986 §3.2.3), but not be greater than there are.
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

/// The text of an IPv6 address (RFC 3986 §3.2.2), without a zone.
enum IPv6Text {
    static func isValid(_ input: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        let end = range.upperBound
        var groups = 0
        var elided = false
        while index < end {
            if input[index] == UInt8(ascii: ":") {
                // Two colons stand for one run of zero groups, once.
                guard index + 1 < end, input[index + 1] == UInt8(ascii: ":"), !elided else { return false }
                elided = true
                index += 2
                continue
            }
            let groupEnd = endOfGroup(input, index..<end)
            if groupEnd < end, input[groupEnd] == UInt8(ascii: ".") {
                groups += 2
                return isIPv4(input, index..<end) && (elided ? groups < 8 : groups == 8)
            }
            guard groupEnd > index else { return false }
            groups += 1
            index = groupEnd
            guard index < end else { break }
            // One colon separates, and must be followed by a group; of two, the loop takes care.
            guard input[index] == UInt8(ascii: ":"), index + 1 < end else { return false }
            if input[index + 1] != UInt8(ascii: ":") { index += 1 }
        }
        return elided ? groups < 8 : groups == 8
    }

    private static func endOfGroup(_ input: Span<UInt8>, _ range: Range<Int>) -> Int {
        var index = range.lowerBound
        while index < range.upperBound, index < range.lowerBound + 4, ByteSet.hexDigit.contains(input[index])
        {
            index += 1
        }
        return index
    }

    /// Four `dec-octet`s: 0 to 255 without leading zeros.
    private static func isIPv4(_ input: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var octets = 0
        var index = range.lowerBound
        while true {
            let start = index
            var value = 0
            while index < range.upperBound, input[index].isDigit, index - start < 3 {
                value = value * 10 + Int(input[index] - UInt8(ascii: "0"))
                index += 1
            }
            let hasLeadingZero = index - start > 1 && input[start] == UInt8(ascii: "0")
            guard index > start, value <= 255, !hasLeadingZero else { return false }
            octets += 1
            if index == range.upperBound { return octets == 4 }
            guard input[index] == UInt8(ascii: ".") else { return false }
            index += 1
        }
    }
}

extension Span where Element == UInt8 {
    /// Whether `%` and two hexadecimal digits stand here (RFC 3986 §2.1).
    func isEscape(at index: Int, end: Int) -> Bool {
        self[index] == UInt8(ascii: "%") && index + 2 < end
            && ByteSet.hexDigit.contains(self[index + 1]) && ByteSet.hexDigit.contains(self[index + 2])
    }
}
