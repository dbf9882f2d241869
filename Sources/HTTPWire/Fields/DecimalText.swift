/// Decimal numbers in fields.
enum DecimalText {
    /// Returns the value of one or more digits; too large numbers become the maximum.
    static func value(_ digits: Substring) -> Int64? {
        guard !digits.isEmpty, digits.utf8.allSatisfy(\.isDigit) else { return nil }
        return Int64(digits) ?? .max
    }
}

extension Substring {
    /// Without spaces and tabs at the ends.
    func trimmingOptionalSpace() -> Substring {
        var text = self
        while let first = text.utf8.first, first.isOptionalSpace { text.removeFirst() }
        while let last = text.utf8.last, last.isOptionalSpace { text.removeLast() }
        return text
    }
}
