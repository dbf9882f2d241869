/// The upper bounds of a histogram's buckets, and the unit of what it observes.
package struct HistogramBounds: Equatable, Sendable {
    /// In the unit of observations, ascending; one more bucket without a bound follows.
    let limits: [UInt64]
    /// How many units of an observation are one of the metric.
    let divisor: UInt64

    /// A histogram has this many buckets at most, the one without a bound included.
    static let bucketsMax = 16

    private init(_ limits: [UInt64], divisor: UInt64) {
        precondition(limits.count < Self.bucketsMax, "a histogram has at most 16 buckets")
        self.limits = limits
        self.divisor = divisor
    }

    /// Bounds in seconds; observations are nanoseconds.
    package static func seconds(_ bounds: [Double]) -> HistogramBounds {
        HistogramBounds(bounds.map { UInt64(($0 * 1e9).rounded()) }, divisor: 1_000_000_000)
    }

    /// Bounds of numbers of things.
    package static func counts(_ bounds: [UInt64]) -> HistogramBounds {
        HistogramBounds(bounds, divisor: 1)
    }
}
