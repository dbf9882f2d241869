/// The id of a trace: 16 bytes that are not all zero.
package struct TraceID: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// Makes a random id.
    package init(random: () -> UInt64) {
        high = random()
        low = max(1, random())
    }

    /// Parses 32 lower-case hexadecimal digits that are not all zero.
    package init?(hexadecimal digits: some Collection<UInt8>) {
        guard digits.count == 32, let high = Hexadecimal.value(of: digits.prefix(16)),
            let low = Hexadecimal.value(of: digits.dropFirst(16)), high != 0 || low != 0
        else { return nil }
        self.high = high
        self.low = low
    }
}

extension TraceID: CustomStringConvertible {
    package var description: String { Hexadecimal.text(of: high) + Hexadecimal.text(of: low) }
}
