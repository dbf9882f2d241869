/// The exact decimal value of a JSON number (RFC 8259 §6); a `Double` has only 53 bits of precision.
struct JSONDecimal {
    private let isNegative: Bool
    /// The significant digits without leading and trailing zeros; empty for zero.
    private let digits: ArraySlice<UInt8>
    /// The power of ten by which `digits` is multiplied.
    private let exponent: Int

    /// The maximum exponent; larger ones are clamped, since no text has as many digits.
    private static let exponentMax = Int.max / 4

    /// Creates the value of a number that is valid by the JSON grammar.
    init(_ lexeme: ArraySlice<UInt8>) {
        isNegative = lexeme.first == UInt8(ascii: "-")
        let mantissa = lexeme.prefix { $0 != UInt8(ascii: "e") && $0 != UInt8(ascii: "E") }
        let point = mantissa.firstIndex(of: UInt8(ascii: "."))
        let fraction = point.map { mantissa.distance(from: $0, to: mantissa.endIndex) - 1 } ?? 0
        let all = mantissa.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let last = all.lastIndex { $0 != UInt8(ascii: "0") } ?? -1
        digits = all[...last].drop { $0 == UInt8(ascii: "0") }
        exponent = Self.exponent(lexeme[mantissa.endIndex...]) - fraction + (all.count - 1 - last)
    }

    /// Returns the number after `e`; 0 if there is none.
    private static func exponent(_ text: ArraySlice<UInt8>) -> Int {
        let isNegative = text.contains(UInt8(ascii: "-"))
        var magnitude = 0
        for digit in text where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) {
            magnitude = min(exponentMax, min(magnitude, exponentMax / 10 - 1) * 10 + Int(digit & 0xF))
        }
        return isNegative ? -magnitude : magnitude
    }

    /// The value if it is a 64-bit integer: `8` for `8.0`, `8e0` and `80e-1`.
    var integer: Int64? { integer(decimals: 0) }

    /// The value in units of the last of so many decimals, if it has no more of them and fits in 64 bits: 640
    /// for `0.64` with three.
    func integer(decimals: Int) -> Int64? {
        if digits.isEmpty { return 0 }
        let exponent = exponent + decimals
        // A 64-bit integer has at most 19 digits.
        guard exponent >= 0, exponent <= 19, digits.count + exponent <= 19 else { return nil }
        var magnitude: UInt64 = 0
        for digit in digits { magnitude = magnitude * 10 + UInt64(digit & 0xF) }
        for _ in 0..<exponent { magnitude *= 10 }
        return isNegative ? Int64(exactly: -Int128(magnitude)) : Int64(exactly: magnitude)
    }
}
