import VideoJobs

/// What is left of the lifetime of a result link, and how densely its copy is attempted in it.
struct LinkLifetime: Equatable, Sendable {
    /// The fraction of what is left that an attempt without a byte, or the wait for the next one, may take.
    private static let fraction = 8
    /// The fraction that a host may ask to wait.
    private static let retryAfterFraction = 2
    /// The least wait between attempts, and the least time for which a host may send nothing.
    private static let waitMin = Duration.milliseconds(250)
    private static let stallTimeoutMin = Duration.milliseconds(500)

    /// Zero or negative once the link should have expired.
    let remaining: Duration

    /// How long a host may send nothing; `nil` if the lifetime of the link does not matter any more.
    var stallTimeout: Duration? {
        remaining > .zero ? max(Self.stallTimeoutMin, remaining / Self.fraction) : nil
    }

    /// Returns the delay before the next attempt: that of `backoff`, but never past a part of what is left.
    func delay(
        _ backoff: Backoff, after failures: Int, retryAfter: Duration?, jitter: Double
    ) -> Duration {
        let delay = backoff.delay(after: failures, retryAfter: retryAfter, jitter: jitter)
        guard remaining > .zero else { return delay }
        let fraction = retryAfter == nil ? Self.fraction : Self.retryAfterFraction
        return min(delay, max(Self.waitMin, remaining / fraction))
    }
}
