/// What a histogram counted until a moment, in the unit of its metric.
package struct HistogramSnapshot: Equatable, Sendable {
    package let bounds: [Double]
    /// One per bound and one more; not cumulative.
    package let counts: [UInt64]
    package let sum: Double

    package init(bounds: [Double], counts: [UInt64], sum: Double) {
        precondition(counts.count == bounds.count + 1, "one bucket has no bound")
        (self.bounds, self.counts, self.sum) = (bounds, counts, sum)
    }

    package var count: UInt64 { counts.reduce(0, &+) }
}
