/// The previous head of a connection, to recognise a repetition without parsing it again.
///
/// Identical bytes have an identical meaning, so this is no less strict.
struct HeadRepetition: Sendable {
    /// One reference, so that a comparison copies nothing.
    private final class KnownHead: Sendable {
        let bytes: [UInt8]
        let head: RequestHead

        init(_ bytes: [UInt8], _ head: RequestHead) {
            self.bytes = bytes
            var head = head
            head.memory = .shared()
            self.head = head
        }
    }

    private var known: KnownHead?
    private var hasBegun = false

    /// Longer heads are always parsed, because an idle connection retains these bytes.
    private static let bytesMax = 512

    /// Remembers the head in `range`. Skips the first head of a connection, which is often the only one,
    /// heads with a body, and heads that end the connection.
    mutating func remember(_ head: RequestHead, _ input: Span<UInt8>, _ range: Range<Int>) {
        let isEligible = hasBegun && head.contentLength == 0 && head.keepsAlive
        known = isEligible && range.count <= Self.bytesMax ? KnownHead(input.bytes(range), head) : nil
        hasBegun = true
    }

    /// Returns the remembered head if its bytes begin at `offset`, and advances `offset` past it.
    func head(in input: Span<UInt8>, at offset: inout Int) -> RequestHead? {
        guard let known, input.count - offset >= known.bytes.count else { return nil }
        let end = offset + known.bytes.count
        guard input.equals(offset..<end, known.bytes) else { return nil }
        offset = end
        return known.head
    }
}
