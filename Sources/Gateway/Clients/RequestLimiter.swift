import Synchronization

/// Counts the requests of clients that have a limit per minute: at most one bucket for each client. A restart
/// begins with full buckets.
final class RequestLimiter: Sendable {
    private let buckets = Mutex<[String: RequestBucket]>([:])

    /// Takes one request from a client's quota.
    func consume(_ client: String, limit: Int, at now: MonotonicTime) -> RequestQuota {
        buckets.withLock { $0[client, default: RequestBucket()].consume(limit: limit, at: now) }
    }
}
