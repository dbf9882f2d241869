internal import Synchronization

/// Bytes of incomplete request bodies in memory, over all connections and loops.
///
/// From half of the limit on, HTTP/2 windows shrink; near the limit, the connections whose bodies have been
/// incomplete for the longest time are evicted; nothing beyond the limit is held.
final class BodyBudget: Sendable {
    private let limit: Int
    private let held = Atomic(0)

    init(limit: Int) { self.limit = limit }

    /// Whether more than half is used.
    var isScarce: Bool { held.load(ordering: .relaxed) > limit / 2 }

    /// Whether more than 15/16 is used.
    var isNearlyExhausted: Bool { held.load(ordering: .relaxed) > limit - limit / 16 }

    /// Reserves bytes; false, and nothing is reserved, if the limit would be exceeded.
    func reserve(_ count: Int) -> Bool {
        if held.add(count, ordering: .relaxed).newValue <= limit { return true }
        release(count)
        return false
    }

    func release(_ count: Int) { held.subtract(count, ordering: .relaxed) }
}
