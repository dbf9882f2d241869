/// The grammar of JSON numbers (RFC 8259 §6).
enum JSONNumber {
    /// Whether a token was probably intended as a number.
    static func resembles(_ token: ArraySlice<UInt8>) -> Bool {
        guard let first = token.first else { return false }
        let second = token.dropFirst().first
        return isDigit(first)
            || "+-.".utf8.contains(first) && (second == nil || isDigit(second) || second == UInt8(ascii: "."))
    }

    /// Returns the reason why a token is not a number; `nil` if it is one.
    static func problem(in token: ArraySlice<UInt8>) -> String? {
        var rest = token
        if rest.first == UInt8(ascii: "+") { return "a leading + is not allowed" }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let integer = rest.prefix { isDigit($0) }
        if integer.isEmpty { return "it must start with a digit" }
        if integer.count > 1, integer.first == UInt8(ascii: "0") { return "leading zeros are not allowed" }
        rest = rest.dropFirst(integer.count)
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix { isDigit($0) }
            if fraction.isEmpty { return "a digit must follow the decimal point" }
            rest = rest.dropFirst(fraction.count + 1)
        }
        guard let letter = rest.first else { return nil }
        guard letter == UInt8(ascii: "e") || letter == UInt8(ascii: "E") else {
            return "only decimal digits are allowed"
        }
        rest = rest.dropFirst()
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        return !rest.isEmpty && rest.allSatisfy { isDigit($0) } ? nil : "digits must follow the e"
    }

    private static func isDigit(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
