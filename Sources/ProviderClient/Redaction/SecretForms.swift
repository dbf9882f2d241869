/// The forms of a secret in a text: plain, percent-encoded once or twice, escaped as in JSON or HTML,
/// hexadecimal, and Base64 at any position.
struct SecretForms: Sendable {
    private let plain: [UInt8]
    private let hexadecimal: [UInt8]
    private let base64: [[UInt8]]
    private let foldsCase: Bool
    /// Whether a form may begin with a byte.
    private let isStart: [Bool]
    /// The most bytes of a form, except for repeated percent-encoding.
    let lengthMax: Int

    /// The minimum length for case-insensitive and encoded matches; with shorter secrets they could be
    /// coincidences.
    private static let lengthMinForEncodedForms = 16

    init(_ secret: [UInt8]) {
        foldsCase = secret.count >= Self.lengthMinForEncodedForms
        plain = secret
        hexadecimal = secret.flatMap { [$0 >> 4, $0 & 15].map { Array("0123456789abcdef".utf8)[Int($0)] } }
        base64 = foldsCase ? Base64Pieces.pieces(of: secret) : []
        isStart = Self.starts(of: [plain] + (foldsCase ? [hexadecimal] + base64 : []))
        lengthMax = secret.count * SecretEscape.lengthMax
    }

    private static func starts(of forms: [[UInt8]]) -> [Bool] {
        var isStart = [Bool](repeating: false, count: 256)
        for byte in forms.compactMap(\.first) {
            isStart[Int(byte)] = true
            isStart[Int(lower(byte))] = true
            if (0x61...0x7A).contains(byte) { isStart[Int(byte) - 32] = true }
        }
        for byte in SecretEscape.starts { isStart[Int(byte)] = true }
        return isStart
    }

    /// Returns the ranges of the secret, in order and without overlaps.
    func ranges(in bytes: [UInt8]) -> [Range<Int>] {
        guard !plain.isEmpty else { return [] }
        var found: [Range<Int>] = []
        var index = 0
        while index < bytes.count {
            if isStart[Int(bytes[index])], let range = range(at: index, in: bytes) {
                let start = max(range.lowerBound, found.last?.upperBound ?? 0)
                found.append(start..<range.upperBound)
                index = range.upperBound
            } else {
                index += 1
            }
        }
        return found
    }

    private func range(at index: Int, in bytes: [UInt8]) -> Range<Int>? {
        if bytes[index...].starts(with: plain) { return index..<(index + plain.count) }
        if let end = end(of: plain, at: index, in: bytes, foldingCase: foldsCase) { return index..<end }
        guard foldsCase else { return nil }
        if let end = end(of: hexadecimal, at: index, in: bytes, foldingCase: true) { return index..<end }
        for piece in base64 {
            guard let end = end(of: piece, at: index, in: bytes, foldingCase: false) else { continue }
            // The adjacent digits contain the first and last bits of the secret.
            let before = bytes[..<index].reversed().prefix(while: Base64Pieces.isDigit).count
            let after = bytes[end...].prefix(while: Base64Pieces.isDigit).count
            return (index - before)..<(end + after)
        }
        return nil
    }

    /// Returns the end of the wanted bytes, each plain or escaped.
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
