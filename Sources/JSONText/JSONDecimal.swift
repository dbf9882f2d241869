/// The exact value of a number's text (RFC 8259 §6), of which a `Double` keeps only 53 bits.
struct JSONDecimal {
    private let isNegative: Bool
    /// Without zeros at either end; empty for zero.
    private let digits: ArraySlice<UInt8>
    /// The value is `digits` times ten to this.
    private let exponent: Int

    /// Exponents beyond this are cut to it: no text has as many digits.
    private static let exponentMax = Int.max / 4

    /// Reads a text that the JSON grammar accepts.
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

    /// The number after `e`; 0 without one.
    private static func exponent(_ text: ArraySlice<UInt8>) -> Int {
        let isNegative = text.contains(UInt8(ascii: "-"))
        var size = 0
        for digit in text where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) {
            size = min(exponentMax, min(size, exponentMax / 10 - 1) * 10 + Int(digit & 0xF))
        }
        return isNegative ? -size : size
    }

    /// The value, if it is an integer of 64 bits: `8` for `8.0`, `8e0` and `80e-1`.
    var integer: Int64? {
        if digits.isEmpty { return 0 }
        // 19 digits are the most that 64 bits hold.
        guard exponent >= 0, exponent <= 19, digits.count + exponent <= 19 else { return nil }
        var size: UInt64 = 0
        for digit in digits { size = size * 10 + UInt64(digit & 0xF) }
        for _ in 0..<exponent { size *= 10 }
        return isNegative ? Int64(exactly: -Int128(size)) : Int64(exactly: size)
    }
}

/// The numbers with a fraction or an exponent in a text that jansson accepted, one after the other.
struct JSONRealLexemes {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The next one; `nil` at the end of the text.
    mutating func next() -> ArraySlice<UInt8>? {
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""): skipString()
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                let number = bytes[index...].prefix { Self.isNumberByte($0) }
                index = number.endIndex
                if number.contains(where: { ".eE".utf8.contains($0) }) { return number }
            default: index += 1
            }
        }
        return nil
    }

    private mutating func skipString() {
        index += 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        index += 1
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
    }
}
