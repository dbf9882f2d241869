/// A token bucket for the requests of one client: the quota of a minute at once, refilled evenly.
///
/// Holds the time at which the bucket is full, so that a client whose limit changes keeps the share of its
/// quota that it has left.
struct RequestBucket {
    /// Nanoseconds.
    private static let window: Int64 = 60_000_000_000

    /// When the bucket is full again, in nanoseconds on the monotonic clock.
    private var fullAt = Int64.min

    /// Takes one request from the quota, unless none is left.
    ///
    /// - Parameter limit: Requests per minute, at least 1.
    mutating func consume(limit: Int, at now: MonotonicTime) -> RequestQuota {
        let now = now.milliseconds * 1_000_000
        let interval = max(1, Self.window / Int64(max(limit, 1)))
        let full = max(fullAt, now)
        let left = Self.window - (full - now)
        guard left >= interval else {
            return RequestQuota(
                limit: limit, remaining: 0, isExceeded: true, next: Self.seconds(interval - left))
        }
        fullAt = full + interval
        let remaining = (left - interval) / interval
        return RequestQuota(
            limit: limit, remaining: min(Int(remaining), limit - 1), isExceeded: false,
            next: Self.seconds((remaining + 2) * interval - left))
    }

    /// Returns whole seconds, rounded up.
    private static func seconds(_ nanoseconds: Int64) -> Int {
        max(1, Int((nanoseconds + 999_999_999) / 1_000_000_000))
    }
}
