/// The id of a span within its trace: 8 bytes that are not all zero.
package struct SpanID: Hashable, Sendable {
    private let value: UInt64

    /// Makes a random id.
    package init(random: () -> UInt64) { value = max(1, random()) }

    /// Parses 16 lower-case hexadecimal digits that are not all zero.
    package init?(hexadecimal digits: some Collection<UInt8>) {
        guard digits.count == 16, let value = Hexadecimal.value(of: digits), value != 0 else { return nil }
        self.value = value
    }
}

extension SpanID: CustomStringConvertible {
    package var description: String { Hexadecimal.text(of: value) }
}
