/// The SHA-256 digest of a client's token or of a session's secret.
package struct TokenDigest: Hashable, Sendable {
    /// The digest as four big-endian words, so that a digest needs no memory of its own.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    package init(_ words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

    /// `nil` unless there are 32 bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        let words = (0..<4).map { bytes[($0 * 8)..<($0 * 8 + 8)].reduce(0) { $0 << 8 | UInt64($1) } }
        self.words = (words[0], words[1], words[2], words[3])
    }

    package var bytes: [UInt8] {
        [words.0, words.1, words.2, words.3].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
        }
    }

    /// Compares in a time that does not depend on where two digests differ.
    package static func == (one: TokenDigest, other: TokenDigest) -> Bool {
        let differences =
            (one.words.0 ^ other.words.0) | (one.words.1 ^ other.words.1)
            | (one.words.2 ^ other.words.2) | (one.words.3 ^ other.words.3)
        return differences == 0
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(index) }

    /// The first eight bytes, by which digests are indexed. Knowing them helps nobody to find a token.
    var index: UInt64 { words.0 }
}
