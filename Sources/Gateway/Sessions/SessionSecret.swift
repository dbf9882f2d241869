/// The secret of a session: 256 random bits in Crockford's base32 in lower case. Only the browser keeps it.
package struct SessionSecret: Equatable, Sendable {
    /// 13 digits of five bits hold 64 bits.
    private static let digitsOfWord = 13

    package let text: String

    /// Makes a secret from four times 64 random bits.
    package init(random: (UInt64, UInt64, UInt64, UInt64)) {
        var text: [UInt8] = []
        for word in [random.0, random.1, random.2, random.3] {
            for digit in 0..<Self.digitsOfWord {
                text.append(ClientToken.digits[Int(word >> (5 * UInt64(digit)) & 31)])
            }
        }
        self.text = String(decoding: text, as: UTF8.self)
    }
}
