/// The spans that wait for their export. At the limit new ones are dropped and counted.
struct SpanBuffer: Sendable {
    static let spansMax = 2048

    private(set) var spans: [Span] = []
    private(set) var dropped = 0

    /// Adds a span, or counts it as dropped.
    mutating func append(_ span: Span) {
        if spans.count < Self.spansMax { spans.append(span) } else { dropped += 1 }
    }

    /// Removes and returns the oldest spans.
    mutating func removeFirst(_ limit: Int) -> [Span] {
        let batch = Array(spans.prefix(limit))
        spans.removeFirst(batch.count)
        // An idle gateway keeps no memory for them.
        if spans.isEmpty { spans = [] }
        return batch
    }

    /// Counts spans that were removed and could not be exported.
    mutating func drop(_ count: Int) { dropped += count }

    /// Returns how many spans were dropped since the last call.
    mutating func takeDropped() -> Int {
        defer { dropped = 0 }
        return dropped
    }
}
