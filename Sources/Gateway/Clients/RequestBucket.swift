/// A token bucket for the requests of one client: the quota of a minute at once, refilled evenly.
///
/// Holds the time at which the bucket is full. When the client's limit changes, the requests that it has made
/// still count, as many as they were: a higher limit adds the difference at once, a lower one leaves at most
/// its own quota.
struct RequestBucket {
    /// Nanoseconds.
    private static let window: Int64 = 60_000_000_000

    /// When the bucket is full again, in nanoseconds on the monotonic clock.
    private var fullAt = Int64.min
    /// Nanoseconds in which one request is refilled, by the limit of the last call.
    private var interval = window

    /// Takes one request from the quota, unless none is left.
    ///
    /// - Parameter limit: Requests per minute, at least 1.
    mutating func consume(limit: Int, at now: MonotonicTime) -> RequestQuota {
        let now = now.milliseconds * 1_000_000
        let interval = max(1, Self.window / Int64(max(limit, 1)))
        let full = now + debt(at: now, refilledIn: interval)
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

    /// Returns the time until the bucket is full with this interval, and keeps the interval.
    private mutating func debt(at now: Int64, refilledIn new: Int64) -> Int64 {
        let debt = max(fullAt, now) - now
        defer { interval = new }
        guard new != interval, debt > 0 else { return debt }
        // A quota of a minute takes a minute to refill, whatever the limit is.
        let changed = min(Self.window, Int64((Double(debt) / Double(interval) * Double(new)).rounded()))
        fullAt = now + changed
        return changed
    }

    /// Returns whole seconds, rounded up.
    private static func seconds(_ nanoseconds: Int64) -> Int {
        max(1, Int((nanoseconds + 999_999_999) / 1_000_000_000))
    }
}
