/// The forms of a secret in a text: plain, percent-encoded once or twice, escaped as in JSON or HTML,
/// hexadecimal, decimal, Base64 at any position, encoded twice, and reversed; each with filler inside.
struct SecretForms: Sendable {
    private let plain: [UInt8]
    private let patterns: [SecretPattern]
    /// The patterns that may begin with a byte.
    private let candidates: [[Int]]
    /// With which two bytes a form may begin, filler between them left out. Rejects most of a text quickly.
    private let beginnings: BytePairs
    /// The most bytes of a form, except for repeated encoding with escapes.
    let lengthMax: Int

    /// The minimum length for case-insensitive and encoded matches; with shorter secrets they could be
    /// coincidences.
    private static let lengthMinForEncodedForms = 16

    init(_ secret: [UInt8]) {
        plain = secret
        let isLong = secret.count >= Self.lengthMinForEncodedForms
        patterns = isLong ? Self.forms(of: secret) : [SecretPattern(bytes: secret, notation: .exact)]
        candidates = Self.candidates(among: patterns)
        beginnings = Self.beginnings(of: patterns)
        lengthMax = secret.count * SecretEscape.lengthMax + SecretPattern.fillerMax(of: secret.count)
    }

    private static func forms(of secret: [UInt8]) -> [SecretPattern] {
        let forward = encodings(of: secret)
        let backward = forward.map { SecretPattern(bytes: $0.bytes.reversed(), notation: $0.notation) }
        let hexadecimal = digits(of: secret)
        let once = Base64Pieces.pieces(of: secret) + [hexadecimal, hexadecimal.map(upper)]
        let twice = once.flatMap { encoded in
            [SecretPattern(bytes: digits(of: encoded), notation: .digits)] + base64(of: encoded)
        }
        var seen: Set<SecretPattern> = []
        return
            ([SecretPattern(bytes: secret, notation: .text)] + forward + backward
            + encodings(of: secret.reversed()) + twice).filter { seen.insert($0).inserted }
    }

    /// Returns a text and its encodings.
    private static func encodings(of text: [UInt8]) -> [SecretPattern] {
        [
            SecretPattern(bytes: text, notation: .text),
            SecretPattern(bytes: digits(of: text), notation: .digits),
            SecretPattern(bytes: text.flatMap { Array(String($0).utf8) }, notation: .digits),
        ] + base64(of: text)
    }

    private static func base64(of text: [UInt8]) -> [SecretPattern] {
        Base64Pieces.pieces(of: text).map { SecretPattern(bytes: $0, notation: .base64) }
    }

    private static func digits(of text: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return text.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }

    private static func upper(_ byte: UInt8) -> UInt8 { (0x61...0x7A).contains(byte) ? byte & 0xDF : byte }

    private static func candidates(among patterns: [SecretPattern]) -> [[Int]] {
        var candidates = [[Int]](repeating: [], count: 256)
        for (index, pattern) in patterns.enumerated() {
            for byte in pattern.starts { candidates[Int(byte)].append(index) }
        }
        return candidates
    }

    private static func beginnings(of patterns: [SecretPattern]) -> BytePairs {
        var pairs = BytePairs()
        for pattern in patterns {
            for first in pattern.starts { for second in pattern.seconds { pairs.insert(first, second) } }
        }
        return pairs
    }

    /// Returns the ranges of the secret, in order and without overlaps.
    func ranges(in bytes: [UInt8]) -> [Range<Int>] {
        guard !plain.isEmpty else { return [] }
        var found: [Range<Int>] = []
        var index = 0
        while index < bytes.count {
            if canBegin(at: index, in: bytes), let range = range(at: index, in: bytes) {
                let start = max(range.lowerBound, found.last?.upperBound ?? 0)
                found.append(start..<range.upperBound)
                index = range.upperBound
            } else {
                index += 1
            }
        }
        return found
    }

    private func canBegin(at index: Int, in bytes: [UInt8]) -> Bool {
        let first = bytes[index]
        if SecretEscape.canStart(with: first) { return true }
        guard beginnings.hasFirst(first) else { return false }
        var next = index + 1
        while next < bytes.count, !SecretPattern.isVisible(bytes[next]) { next += 1 }
        return next < bytes.count && beginnings.contains(first, bytes[next])
    }

    private func range(at index: Int, in bytes: [UInt8]) -> Range<Int>? {
        let first = bytes[index]
        // A secret may itself contain what looks like an escape.
        if first == plain[0], bytes[index...].starts(with: plain) { return index..<(index + plain.count) }
        for number in candidates[Int(first)] {
            if let range = range(of: patterns[number], at: index, in: bytes) { return range }
        }
        guard SecretEscape.canStart(with: first), let escape = SecretEscape(at: index, in: bytes) else {
            return nil
        }
        for number in candidates[Int(escape.byte)] {
            if let range = range(of: patterns[number], at: index, in: bytes) { return range }
        }
        return nil
    }

    private func range(of pattern: SecretPattern, at index: Int, in bytes: [UInt8]) -> Range<Int>? {
        guard let end = pattern.end(at: index, in: bytes) else { return nil }
        let isDigit: (UInt8) -> Bool
        switch pattern.notation {
        case .exact, .text: return index..<end
        case .digits: isDigit = SecretPattern.isHexadecimalDigit
        case .base64: isDigit = Base64Pieces.isDigit
        }
        // The adjacent digits may contain the first and last bits of the secret.
        let before = bytes[..<index].reversed().prefix(while: isDigit).count
        let after = bytes[end...].prefix(while: isDigit).count
        return (index - before)..<(end + after)
    }
}
