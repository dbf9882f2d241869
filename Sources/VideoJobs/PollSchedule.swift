/// When to ask the provider again about a task. Pure: age and jitter are arguments.
///
/// Each poll makes the provider ask its own supplier: the interval is a courtesy, and jitter only adds to it.
package struct PollSchedule: Equatable, Sendable {
    package var first: Duration
    package var interval: Duration
    package var slowest: Duration
    /// The age at which a task is given up; the last poll comes no later.
    package var deadline: Duration

    package init(
        first: Duration = .seconds(8), interval: Duration = .seconds(8), slowest: Duration = .seconds(60),
        deadline: Duration = .seconds(86_400)
    ) {
        self.first = first
        self.interval = interval
        self.slowest = slowest
        self.deadline = deadline
    }

    /// A longer `Retry-After` is cut to this, a quarter of a result link's life: a result must not be missed.
    package static let retryAfterMax = Duration.seconds(6 * 3600)
    /// What a task of unknown model is expected to take.
    static let usualEstimate = Duration.seconds(60)

    /// Delay until the next poll of a task; `jitter` in 0..<1 adds up to a quarter.
    package func delay(after history: PollHistory, jitter: Double) -> Duration {
        let isFirst = history.polls == 0 && history.failures == 0
        let steady = isFirst ? first : pace(history)
        var delay = min(steady * (1 + jitter / 4), max(steady, slowest))
        if let retryAfter = history.retryAfter {
            delay = max(delay, min(retryAfter, max(Self.retryAfterMax, slowest)) + interval * (jitter / 4))
        }
        if history.age < deadline { delay = min(delay, deadline - history.age) }
        // Whatever the settings say, never a busy loop.
        return max(delay, .milliseconds(1))
    }

    private func pace(_ history: PollHistory) -> Duration {
        let ceiling = max(slowest, interval)
        guard history.failures <= 0 else {
            return min(interval.doubled(times: history.failures), ceiling)
        }
        let expected = max(history.estimate ?? Self.usualEstimate, interval)
        let left = expected - history.age
        // Ask right when it should be done, if that is soon.
        if left > interval / 2, left < interval { return left }
        // From twice the estimate on, in proportion to the age: eight more polls while the age doubles.
        guard history.age > expected * 2 else { return interval }
        return min(interval * (history.age / (expected * 2)), ceiling)
    }
}

/// What a schedule has to know of a running task.
package struct PollHistory: Equatable, Sendable {
    /// How often it was polled.
    package var polls: Int
    /// How many of the last polls in a row brought no answer.
    package var failures: Int
    /// How long it has been running.
    package var age: Duration
    /// How long it is expected to take in all.
    package var estimate: Duration?
    /// What the provider asked for last.
    package var retryAfter: Duration?

    package init(
        polls: Int = 0, failures: Int = 0, age: Duration = .zero, estimate: Duration? = nil,
        retryAfter: Duration? = nil
    ) {
        self.polls = polls
        self.failures = failures
        self.age = age
        self.estimate = estimate
        self.retryAfter = retryAfter
    }
}

/// How long to wait before trying again what failed. Pure: jitter is an argument.
package struct Backoff: Equatable, Sendable {
    package var base: Duration
    package var cap: Duration

    package init(base: Duration, cap: Duration) {
        self.base = base
        self.cap = cap
    }

    /// A longer `Retry-After` is cut to this: a mistyped date must not stop the gateway for years.
    package static let retryAfterMax = Duration.seconds(24 * 3600)

    /// Delay before try number `tries` + 1 (1: after the first failure): doubled each time up to `cap`, of
    /// which the upper half is left to `jitter` in 0..<1. `retryAfter` is obeyed if it is longer.
    package func delay(after tries: Int, retryAfter: Duration?, jitter: Double) -> Duration {
        let full = min(base.doubled(times: max(tries, 1) - 1), cap)
        let delay = full / 2 + full / 2 * jitter
        guard let retryAfter else { return max(delay, .milliseconds(1)) }
        // Jitter on top: everyone whom a 429 sent away was told the same second.
        return max(delay, min(retryAfter, max(Self.retryAfterMax, cap)) + base * jitter)
    }
}

extension Duration {
    /// Doubled so many times, at most 2²⁰ times itself: far above any cap, far below overflow.
    fileprivate func doubled(times: Int) -> Duration { self * (1 << min(max(times, 0), 20)) }
}
