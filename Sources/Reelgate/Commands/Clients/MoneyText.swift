/// Amounts of money in options: US dollars with at most six decimals.
enum MoneyText {
    /// Returns an amount in millionths of a dollar; `nil` for anything else and above 10⁹ dollars.
    static func microdollars(_ text: String) -> Int64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let decimals = parts.count == 2 ? parts[1] : "0"
        guard isNumber(parts[0], digits: 1...9), isNumber(decimals, digits: 1...6),
            let dollars = Int64(parts[0]),
            let fraction = Int64(decimals + String(repeating: "0", count: 6 - decimals.count))
        else { return nil }
        return dollars * 1_000_000 + fraction
    }

    private static func isNumber(_ text: Substring, digits: ClosedRange<Int>) -> Bool {
        digits.contains(text.utf8.count)
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
