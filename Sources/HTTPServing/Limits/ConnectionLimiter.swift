internal import Synchronization

/// Counts connections over all loops.
final class ConnectionLimiter: Sendable {
    private let limit: Atomic<Int>
    private let count = Atomic(0)

    init(limit: Int) { self.limit = Atomic(limit) }

    /// Replaces the limit. Connections beyond a lower one stay open.
    func replaceLimit(with limit: Int) { self.limit.store(limit, ordering: .relaxed) }

    /// Counts one more connection, unless the limit is reached.
    func enter() -> Bool {
        if count.add(1, ordering: .relaxed).newValue <= limit.load(ordering: .relaxed) { return true }
        leave()
        return false
    }

    /// Connections that are open now.
    var current: Int { count.load(ordering: .relaxed) }

    func leave() { count.subtract(1, ordering: .relaxed) }
}
