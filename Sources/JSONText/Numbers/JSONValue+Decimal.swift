extension JSONValue {
    /// Makes the number `units` / 10^`decimals`: 0.64 of 640 with three decimals.
    ///
    /// Its text is exact with up to 15 digits: no two such numbers are the same `Double`.
    package init(units: Int64, decimals: Int) {
        let magnitude = String(units.magnitude)
        let digits = String(repeating: "0", count: max(0, decimals + 1 - magnitude.utf8.count)) + magnitude
        let text = "\(units < 0 ? "-" : "")\(digits.dropLast(decimals)).\(digits.suffix(decimals))0"
        if let integer = JSONDecimal(Array(text.utf8)[...]).integer {
            self = .integer(integer)
        } else {
            self = .real(Double(text) ?? .nan)
        }
    }

    /// Returns a number in units of the last of so many decimals: 640 for 0.64 with three. `nil` for a number
    /// with more decimals, and for one that does not fit in 64 bits.
    ///
    /// The digits are those of the shortest text that parses to the same number: the digits that were sent,
    /// if those were at most 15. Nothing is computed with the `Double`.
    package func units(decimals: Int) -> Int64? {
        switch self {
        case .integer(let number): JSONDecimal(Array("\(number)".utf8)[...]).integer(decimals: decimals)
        case .real(let number):
            number.isFinite
                ? JSONDecimal(Array(number.description.utf8)[...]).integer(decimals: decimals) : nil
        case .null, .bool, .string, .array, .object: nil
        }
    }
}
