/// The syntax of an IPv6 address (RFC 3986 §3.2.2), without a zone.
enum IPv6Text {
    static func isValid(_ input: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        let end = range.upperBound
        var groups = 0
        var elided = false
        while index < end {
            if input[index] == UInt8(ascii: ":") {
                // Two colons replace one run of zero groups, once.
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
            // A single colon must be followed by a group; the loop handles two.
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
