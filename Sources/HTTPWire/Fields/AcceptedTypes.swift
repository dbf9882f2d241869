/// The media types that a client accepts (`Accept`, RFC 9110 §12.5.1).
package struct AcceptedTypes: Equatable, Sendable {
    private struct Range: Equatable, Sendable {
        let type: String
        let subtype: String
        /// The weight in thousandths.
        let quality: Int

        /// How exactly it names a type; `nil` if it does not.
        func precision(for type: String, _ subtype: String) -> Int? {
            if self.type == "*" { return self.subtype == "*" ? 0 : nil }
            guard self.type == type else { return nil }
            if self.subtype == "*" { return 1 }
            return self.subtype == subtype ? 2 : nil
        }
    }

    private var ranges: [Range] = []
    private let hasField: Bool

    /// Parses all `Accept` fields. Malformed elements are ignored.
    package init(_ values: [String]) {
        hasField = !values.isEmpty
        for value in values {
            var scanner = FieldScanner(value)
            while let element = scanner.listElement() {
                guard let type = MediaType(element) else { continue }
                ranges.append(
                    Range(type: type.type, subtype: type.subtype, quality: Self.quality(type["q"])))
            }
        }
    }

    /// Returns the weight of a media type in thousandths: that of the most precise range. Without a field
    /// every type is accepted.
    package func quality(of type: String, _ subtype: String) -> Int {
        guard hasField else { return 1_000 }
        var found: (precision: Int, quality: Int) = (-1, 0)
        for range in ranges {
            guard let precision = range.precision(for: type, subtype), precision > found.precision else {
                continue
            }
            found = (precision, range.quality)
        }
        return found.quality
    }

    /// A weight has at most three decimals (RFC 9110 §12.4.2); a malformed one counts as 1.
    private static func quality(_ text: String?) -> Int {
        guard let text, let first = text.utf8.first else { return 1_000 }
        guard first == UInt8(ascii: "0") else { return 1_000 }
        let decimals = text.utf8.dropFirst(2).prefix(3)
        guard decimals.allSatisfy(\.isDigit) else { return 1_000 }
        let digits = decimals.map { Int($0 - UInt8(ascii: "0")) } + [0, 0, 0]
        return digits[0] * 100 + digits[1] * 10 + digits[2]
    }
}
