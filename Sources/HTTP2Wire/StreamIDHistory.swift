/// Stream identifiers that the client has used (RFC 9113 §5.1.1).
struct StreamIDHistory: Sendable {
    enum Verdict { case opened, known, skipped }

    private(set) var last: UInt32 = 0
    /// Skipped identifiers below `last`, ascending; only the latest `gapsMax` ranges are kept.
    private var gaps: [ClosedRange<UInt32>] = []
    private static let gapsMax = 64

    /// Records a frame that opens a stream or belongs to one. nghttp2 rejects even identifiers.
    mutating func record(_ stream: UInt32) -> Verdict {
        guard stream & 1 == 1 else { return .known }
        if stream <= last { return gaps.contains { $0.contains(stream) } ? .skipped : .known }
        if stream > last + 2 || last == 0 && stream > 1 {
            if gaps.count == Self.gapsMax { gaps.removeFirst() }
            gaps.append(last + 1...stream - 1)
        }
        last = stream
        return .opened
    }
}
