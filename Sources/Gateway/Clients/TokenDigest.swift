/// The SHA-256 digest of a client's token.
package struct TokenDigest: Equatable, Sendable {
    package let bytes: [UInt8]

    /// `nil` unless there are 32 bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// Compares in a time that does not depend on where two digests differ.
    package static func == (one: TokenDigest, other: TokenDigest) -> Bool {
        var difference: UInt8 = 0
        for index in 0..<32 { difference |= one.bytes[index] ^ other.bytes[index] }
        return difference == 0
    }

    /// The first eight bytes, by which digests are indexed. Knowing them helps nobody to find a token.
    var index: UInt64 { bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }
}
