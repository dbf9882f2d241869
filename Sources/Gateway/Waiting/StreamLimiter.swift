import Synchronization

/// Counts event streams and waiting requests against their common limit.
package final class StreamLimiter: Sendable {
    /// One counted stream or request, until it is released.
    package final class Permit: Sendable {
        private let limiter: StreamLimiter

        fileprivate init(_ limiter: StreamLimiter) { self.limiter = limiter }

        deinit { limiter.open.withLock { $0 -= 1 } }
    }

    private let limit: Atomic<Int>
    private let open = Mutex(0)

    init(limit: Int) { self.limit = Atomic(limit) }

    /// Replaces the limit. Streams beyond a lower one stay open.
    package func replaceLimit(with limit: Int) { self.limit.store(limit, ordering: .relaxed) }

    /// Streams and waiting requests that are open now.
    package var count: Int { open.withLock(\.self) }

    /// Counts one more; `nil` if the limit is reached.
    package func permit() -> Permit? {
        let isPermitted = open.withLock { open in
            guard open < limit.load(ordering: .relaxed) else { return false }
            open += 1
            return true
        }
        return isPermitted ? Permit(self) : nil
    }
}
