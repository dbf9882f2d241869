/// The polling history of a running task, as input to `PollSchedule`.
package struct PollHistory: Equatable, Sendable {
    /// The number of polls.
    package var polls: Int
    /// The number of consecutive failed polls.
    package var failures: Int
    /// The time since the task was started.
    package var age: Duration
    /// The expected total duration.
    package var estimate: Duration?
    /// The provider's last requested delay.
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
