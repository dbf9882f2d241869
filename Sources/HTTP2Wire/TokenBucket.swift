/// A token bucket: `burst` tokens, refilled at `perSecond`.
struct TokenBucket: Sendable {
    private let interval: UInt64
    private let depth: UInt64
    /// When the bucket is full again, in nanoseconds of the caller's clock.
    private var replenishedAt: UInt64 = 0

    init(burst: UInt64, perSecond: UInt64) {
        interval = 1_000_000_000 / perSecond
        depth = burst * interval
    }

    /// Consumes one token. Returns whether one was left.
    mutating func tryConsume(at now: UInt64) -> Bool {
        replenishedAt = max(replenishedAt, now) + interval
        return replenishedAt - now <= depth
    }

    /// Consumes one token. Returns the error code that must end the connection if none was left.
    mutating func consume(at now: UInt64) -> HTTP2ErrorCode? { tryConsume(at: now) ? nil : .enhanceYourCalm }

    /// Adds tokens on top of the regular refill.
    mutating func refund(_ count: UInt64) {
        replenishedAt -= min(replenishedAt, count * interval)
    }
}
