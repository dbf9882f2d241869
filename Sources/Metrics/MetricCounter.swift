internal import Synchronization

/// A number that only grows. Counting takes no lock and allocates nothing.
package final class MetricCounter: Sendable {
    private let total = Atomic<UInt64>(0)

    package init() {}

    package func add(_ count: UInt64 = 1) { total.wrappingAdd(count, ordering: .relaxed) }

    package var value: UInt64 { total.load(ordering: .relaxed) }
}
