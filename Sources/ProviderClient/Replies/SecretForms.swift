/// The forms in which a text may repeat a secret: plain, percent-encoded once or twice, escaped as JSON or
/// HTML do, in hexadecimal digits, and in base64 with anything before and behind it.
struct SecretForms: Sendable {
    private let plain: [UInt8]
    private let hexadecimal: [UInt8]
    private let base64: [[UInt8]]
    private let foldsCase: Bool

    /// From here on the letters' case and other forms count: no accident makes so many characters alike.
    private static let longSecret = 16

    init(_ secret: [UInt8]) {
        foldsCase = secret.count >= Self.longSecret
        plain = secret
        hexadecimal = secret.flatMap { [$0 >> 4, $0 & 15].map { Array("0123456789abcdef".utf8)[Int($0)] } }
        base64 = foldsCase ? Base64Pieces.pieces(of: secret) : []
    }

    /// Where the secret stands, in order and without overlaps.
    func places(in bytes: [UInt8]) -> [Range<Int>] {
        guard !plain.isEmpty else { return [] }
        var found: [Range<Int>] = []
        var index = 0
        while index < bytes.count {
            if let place = place(at: index, in: bytes) {
                let start = max(place.lowerBound, found.last?.upperBound ?? 0)
                found.append(start..<place.upperBound)
                index = place.upperBound
            } else {
                index += 1
            }
        }
        return found
    }

    private func place(at index: Int, in bytes: [UInt8]) -> Range<Int>? {
        if bytes[index...].starts(with: plain) { return index..<(index + plain.count) }
        if let end = end(of: plain, at: index, in: bytes, foldingCase: foldsCase) { return index..<end }
        guard foldsCase else { return nil }
        if let end = end(of: hexadecimal, at: index, in: bytes, foldingCase: true) { return index..<end }
        for piece in base64 {
            guard let end = end(of: piece, at: index, in: bytes, foldingCase: false) else { continue }
            // What stands around it belongs to the same text, and holds the first and last bits.
            let before = bytes[..<index].reversed().prefix(while: Base64Pieces.isDigit).count
            let behind = bytes[end...].prefix(while: Base64Pieces.isDigit).count
            return (index - before)..<(end + behind)
        }
        return nil
    }

    /// Where the wanted bytes end, each of them plain or escaped.
    private func end(
        of wanted: [UInt8], at start: Int, in bytes: [UInt8], foldingCase: Bool
    ) -> Int? {
        var index = start
        for byte in wanted {
            guard index < bytes.count else { return nil }
            if let escape = SecretEscape(at: index, in: bytes), Self.same(escape.byte, byte, foldingCase) {
                index += escape.length
            } else if Self.same(bytes[index], byte, foldingCase) {
                index += 1
            } else {
                return nil
            }
        }
        return index
    }

    private static func same(_ one: UInt8, _ other: UInt8, _ foldingCase: Bool) -> Bool {
        one == other || (foldingCase && lower(one) == lower(other))
    }

    private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 32 : byte }
}

/// Base64 (RFC 4648) of a secret that stands anywhere in the encoded text.
enum Base64Pieces {
    private static let standard = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The digits that depend on the secret alone, for each of the three ways in which it can be aligned, in
    /// both alphabets.
    static func pieces(of secret: [UInt8]) -> [[UInt8]] {
        (0..<3).flatMap { (before: Int) -> [[UInt8]] in
            let bytes = [UInt8](repeating: 0, count: before) + secret
            let digits = (0..<(bytes.count * 8 / 6)).map { standard[value(ofDigit: $0, in: bytes)] }
            // 8 and 16 bits of something else fill one and two digits, and part of the next.
            let piece = Array(digits.dropFirst([0, 2, 3][before]))
            let forURLs = piece.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 }
                .map { $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0 }
            return piece == forURLs ? [piece] : [piece, forURLs]
        }
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        standard.contains(byte) || "-_=".utf8.contains(byte)
    }

    private static func value(ofDigit number: Int, in bytes: [UInt8]) -> Int {
        let bit = number * 6
        let second = bit / 8 + 1 < bytes.count ? UInt16(bytes[bit / 8 + 1]) : 0
        let pair = UInt16(bytes[bit / 8]) << 8 | second
        return Int(pair >> UInt16(10 - bit % 8) & 63)
    }
}
