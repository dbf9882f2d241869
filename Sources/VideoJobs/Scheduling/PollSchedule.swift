/// The schedule of status polls for a task. Pure: age and jitter are arguments.
///
/// Each poll causes the provider to query its own supplier, so jitter only lengthens an interval.
package struct PollSchedule: Equatable, Sendable {
    package var first: Duration
    package var interval: Duration
    package var slowest: Duration
    /// The age at which a task times out; the last poll is not later.
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

    /// The maximum `Retry-After` that is obeyed: a quarter of a result link's lifetime, so that no result
    /// expires unseen.
    package static let retryAfterMax = Duration.seconds(6 * 3600)
    /// The estimated duration of a task whose model has no estimate.
    static let defaultEstimate = Duration.seconds(60)

    /// Returns the delay until the next poll; `jitter` in 0..<1 adds up to a quarter.
    package func delay(after history: PollHistory, jitter: Double) -> Duration {
        let isFirst = history.polls == 0 && history.failures == 0
        let base = isFirst ? first : interval(for: history)
        var delay = min(base * (1 + jitter / 4), max(base, slowest))
        if let retryAfter = history.retryAfter {
            delay = max(delay, min(retryAfter, max(Self.retryAfterMax, slowest)) + interval * (jitter / 4))
        }
        if history.age < deadline { delay = min(delay, deadline - history.age) }
        // Prevents a busy loop under any settings.
        return max(delay, .milliseconds(1))
    }

    private func interval(for history: PollHistory) -> Duration {
        let ceiling = max(slowest, interval)
        guard history.failures <= 0 else {
            return min(interval.doubled(times: history.failures), ceiling)
        }
        let expected = max(history.estimate ?? Self.defaultEstimate, interval)
        let remaining = expected - history.age
        // Poll exactly when the task should be complete, if that is soon.
        if remaining > interval / 2, remaining < interval { return remaining }
        // From twice the estimate on, the interval grows in proportion to the age.
        guard history.age > expected * 2 else { return interval }
        return min(interval * (history.age / (expected * 2)), ceiling)
    }
}
