/// Exponential backoff with jitter for retries. Pure: jitter is an argument.
package struct Backoff: Equatable, Sendable {
    package var base: Duration
    package var cap: Duration

    package init(base: Duration, cap: Duration) {
        self.base = base
        self.cap = cap
    }

    /// The maximum `Retry-After` that is obeyed: a mistyped date must not stop the gateway for years.
    package static let retryAfterMax = Duration.seconds(24 * 3600)

    /// Returns the delay after `failures` consecutive failures: doubled each time up to `cap`, with the upper
    /// half scaled by `jitter` in 0..<1. A longer `retryAfter` is obeyed.
    package func delay(after failures: Int, retryAfter: Duration?, jitter: Double) -> Duration {
        let full = min(base.doubled(times: max(failures, 1) - 1), cap)
        let delay = full / 2 + full / 2 * jitter
        guard let retryAfter else { return max(delay, .milliseconds(1)) }
        // Jitter is added because a 429 gives many clients the same time.
        return max(delay, min(retryAfter, max(Self.retryAfterMax, cap)) + base * jitter)
    }
}

extension Duration {
    /// Returns the duration doubled `times` times, at most 2²⁰-fold: far above any cap, far below overflow.
    func doubled(times: Int) -> Duration { self * (1 << min(max(times, 0), 20)) }
}
