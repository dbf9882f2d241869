/// US dollars as text. Amounts are whole micro-dollars: money is never a floating-point number.
package enum Dollars {
    private static let unit: Int64 = 1_000_000

    /// Returns an amount in micro-dollars from text such as `0.40`: digits with at most six decimals, below
    /// 10⁹ dollars. Returns `nil` for anything else.
    package static func microdollars(_ text: String) -> Int64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let decimals = parts.count == 2 ? parts[1] : "0"
        guard isNumber(parts[0], digits: 1...9), isNumber(decimals, digits: 1...6),
            let dollars = Int64(parts[0]),
            let fraction = Int64(decimals + String(repeating: "0", count: 6 - decimals.utf8.count))
        else { return nil }
        return dollars * unit + fraction
    }

    /// Returns an amount as text with two to six decimals.
    package static func text(_ microdollars: Int64) -> String {
        let magnitude = microdollars.magnitude
        let digits = String(magnitude % unit.magnitude)
        var decimals = String(repeating: "0", count: 6 - digits.utf8.count) + digits
        while decimals.utf8.count > 2, decimals.hasSuffix("0") { decimals.removeLast() }
        return "\(microdollars < 0 ? "-" : "")\(magnitude / unit.magnitude).\(decimals)"
    }

    private static func isNumber(_ text: Substring, digits: ClosedRange<Int>) -> Bool {
        digits.contains(text.utf8.count)
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
