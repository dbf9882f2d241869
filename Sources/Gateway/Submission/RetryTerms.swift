import VideoJobs

/// How long to wait before another try: everything but how often it failed.
struct RetryTerms: Equatable {
    var backoff: Backoff
    /// For jobs that may be of another kind: soon, since each try of such a job teaches something.
    var probing = Backoff(base: .seconds(1), cap: .seconds(60))
    /// What the provider asked for.
    var retryAfter: Duration?
    /// 0..<1
    var jitter: Double

    /// Returns the wait after so many failures in a row; never shorter than what the provider asked for.
    func delay(after failures: Int) -> Duration {
        backoff.delay(after: failures, retryAfter: retryAfter, jitter: jitter)
    }

    /// Returns the wait before a job is tried that may be of another kind.
    func probingDelay(after failures: Int) -> Duration {
        probing.delay(after: failures, retryAfter: retryAfter, jitter: jitter)
    }
}
