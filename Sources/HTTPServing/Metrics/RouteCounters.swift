internal import Metrics
internal import Synchronization

/// The requests of one route by method and status, and how long they took.
///
/// A fixed table that fills as combinations occur: counting takes no lock and allocates nothing.
final class RouteCounters: Sendable {
    /// Combinations that are distinguished; all further ones share the last slot.
    private static let slots = 24

    // A combination, once it is set, stays; 0 for a free slot.
    private let keys = InlineArray<24, Atomic<UInt32>> { _ in Atomic(0) }
    private let counts = InlineArray<24, Atomic<UInt64>> { _ in Atomic(0) }
    let durations = MetricHistogram(RouteCounters.bounds)

    private static let bounds = HistogramBounds.seconds([
        0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300,
    ])

    /// Counts one request that has ended.
    ///
    /// - Parameter status: 0 if no response was begun.
    func count(_ method: RequestMethod, status: Int, nanoseconds: UInt64) {
        durations.observe(nanoseconds)
        let key = UInt32(method.rawValue) << 16 | UInt32(UInt16(clamping: status)) | Self.isSet
        for slot in 0..<(Self.slots - 1) where claim(slot, for: key) {
            counts[slot].wrappingAdd(1, ordering: .relaxed)
            return
        }
        counts[Self.slots - 1].wrappingAdd(1, ordering: .relaxed)
    }

    /// Whether a slot belongs to a combination, or was free and now does.
    private func claim(_ slot: Int, for key: UInt32) -> Bool {
        let known = keys[slot].load(ordering: .relaxed)
        if known == key { return true }
        guard known == 0 else { return false }
        let (exchanged, original) = keys[slot].compareExchange(
            expected: 0, desired: key, ordering: .relaxed)
        return exchanged || original == key
    }

    private static let isSet: UInt32 = 1 << 31

    /// The combinations that occurred, with the labels `method` and `status`.
    var combinations: [(labels: [MetricLabel], count: UInt64)] {
        (0..<Self.slots).compactMap { slot in
            let count = counts[slot].load(ordering: .relaxed)
            if count == 0 { return nil }
            let key = keys[slot].load(ordering: .relaxed)
            let status = key & 0xFFFF
            guard key != 0, let method = RequestMethod(rawValue: UInt8(truncatingIfNeeded: key >> 16)) else {
                return (
                    [MetricLabel("method", MetricLabel.other), MetricLabel("status", MetricLabel.other)],
                    count
                )
            }
            let text = status == 0 ? RequestCounters.none : "\(status)"
            return ([MetricLabel("method", method.label), MetricLabel("status", text)], count)
        }
    }
}
