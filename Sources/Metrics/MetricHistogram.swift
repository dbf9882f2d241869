internal import Synchronization

/// Counts observations in fixed buckets. Observing takes no lock and allocates nothing.
package final class MetricHistogram: Sendable {
    private let bounds: HistogramBounds
    private let counts = InlineArray<16, Atomic<UInt64>> { _ in Atomic(0) }
    private let sum = Atomic<UInt64>(0)

    package init(_ bounds: HistogramBounds) { self.bounds = bounds }

    /// Counts one observation, in the unit of the bounds: nanoseconds, or a number of things.
    package func observe(_ value: UInt64) {
        var bucket = 0
        while bucket < bounds.limits.count, value > bounds.limits[bucket] { bucket += 1 }
        counts[bucket].wrappingAdd(1, ordering: .relaxed)
        sum.wrappingAdd(value, ordering: .relaxed)
    }

    /// Counts one duration; a negative one, which a clock that was set can bring about, as zero.
    package func observe(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0, attoseconds >= 0 else { return observe(0) }
        observe(UInt64(min(seconds, 1 << 32)) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000))
    }

    /// What was counted until now. Its count is the sum of its buckets, whatever is counted meanwhile.
    package var snapshot: HistogramSnapshot {
        let divisor = Double(bounds.divisor)
        return HistogramSnapshot(
            bounds: bounds.limits.map { Double($0) / divisor },
            counts: (0...bounds.limits.count).map { counts[$0].load(ordering: .relaxed) },
            sum: Double(sum.load(ordering: .relaxed)) / divisor)
    }
}
