/// A client's token: `rg_`, 160 random bits and a checksum, in Crockford's base32 in lower case.
///
/// The checksum distinguishes a mistyped token from an unknown one, and lets secret scanners recognise a
/// token. The text is a secret: it is shown once, to the person who creates the client.
package struct ClientToken: Equatable, Sendable {
    package static let prefix = "rg_"
    /// 32 digits of five bits.
    private static let randomDigits = 32
    /// Six digits hold the low 30 bits of a CRC-32.
    private static let checkDigits = 6
    static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    package let text: String

    /// Makes a token from three times 64 random bits, of which 160 are used.
    package init(random: (UInt64, UInt64, UInt64)) {
        var text = Array(Self.prefix.utf8)
        // 13 digits of five bits from 64 are 65: 12 from the first two words, 8 from the third.
        for (word, count) in [(random.0, 12), (random.1, 12), (random.2, 8)] {
            var rest = word
            for _ in 0..<count {
                text.append(Self.digits[Int(rest & 31)])
                rest >>= 5
            }
        }
        text += Self.checksum(of: text)
        self.text = String(decoding: text, as: UTF8.self)
    }

    /// Whether a text has the form and the checksum of a token, so that it was not mistyped.
    package static func isWellFormed(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let length = prefix.utf8.count + randomDigits
        guard bytes.count == length + checkDigits, bytes.starts(with: prefix.utf8),
            bytes.dropFirst(prefix.utf8.count).allSatisfy(digits.contains)
        else { return false }
        return Array(bytes[length...]) == checksum(of: Array(bytes[..<length]))
    }

    private static func checksum(of bytes: [UInt8]) -> [UInt8] {
        let value = crc32(bytes)
        return (0..<checkDigits).map { digits[Int(value >> (5 * UInt32($0)) & 31)] }
    }

    /// The CRC-32 of ISO/IEC 13239, bit by bit: a token is short.
    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var value = UInt32.max
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xEDB8_8320 }
        }
        return ~value
    }
}
