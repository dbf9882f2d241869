/// The Base64 forms (RFC 4648) of a secret at any position of an encoded text.
enum Base64Pieces {
    private static let standard = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Returns the digits that depend on the secret alone, for each of the three alignments and both
    /// alphabets.
    static func pieces(of secret: [UInt8]) -> [[UInt8]] {
        (0..<3).flatMap { (alignment: Int) -> [[UInt8]] in
            let bytes = [UInt8](repeating: 0, count: alignment) + secret
            let digits = (0..<(bytes.count * 8 / 6)).map { standard[value(ofDigit: $0, in: bytes)] }
            // 8 or 16 preceding bits occupy one or two digits and a part of the next.
            let piece = Array(digits.dropFirst([0, 2, 3][alignment]))
            let forURLs = piece.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 }
                .map { $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0 }
            return piece == forURLs ? [piece] : [piece, forURLs]
        }
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        standard.contains(byte) || "-_=".utf8.contains(byte)
    }

    private static func value(ofDigit index: Int, in bytes: [UInt8]) -> Int {
        let bit = index * 6
        let second = bit / 8 + 1 < bytes.count ? UInt16(bytes[bit / 8 + 1]) : 0
        let pair = UInt16(bytes[bit / 8]) << 8 | second
        return Int(pair >> UInt16(10 - bit % 8) & 63)
    }
}
