import VideoJobs

/// The backoff before another attempt, but for the number of failures.
struct RetryTerms: Equatable {
    var backoff: Backoff
    /// The backoff of jobs that may be unaffected: short, because each such attempt narrows the reason down.
    var probing = Backoff(base: .seconds(1), cap: .seconds(60))
    /// The provider's `Retry-After`.
    var retryAfter: Duration?
    /// 0..<1
    var jitter: Double

    /// Returns the wait after so many consecutive failures; never shorter than `Retry-After`.
    func delay(after failures: Int) -> Duration {
        backoff.delay(after: failures, retryAfter: retryAfter, jitter: jitter)
    }

    /// Returns the wait before an attempt of a job that may be unaffected.
    func probingDelay(after failures: Int) -> Duration {
        probing.delay(after: failures, retryAfter: retryAfter, jitter: jitter)
    }
}
