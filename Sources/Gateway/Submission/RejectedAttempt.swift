import VideoJobs

/// A rejected submission whose reason may concern the job alone.
struct RejectedAttempt {
    var reason: BlockReason
    var retry: RetryTerms
    var time: MonotonicTime
    /// The ordinal of this rejection in the queue.
    var number: Int
    /// The number of rejections in the queue when the submission began.
    var countAtStart: Int
    /// Whether the same task was rejected before.
    var isRepeated = false

    /// Returns the backoff of all jobs, matching or not. The provider's `Retry-After` is used only for rate
    /// limits, which are per account; 402, 403 and 503 may concern some jobs only.
    func accountBackoff(after failures: Int) -> Duration {
        accountTerms.delay(after: failures)
    }

    /// Returns the same backoff for a job that may be unaffected.
    func probingBackoff(after failures: Int) -> Duration {
        accountTerms.probingDelay(after: failures)
    }

    private var accountTerms: RetryTerms {
        var terms = retry
        if reason != .rateLimited { terms.retryAfter = nil }
        return terms
    }
}
