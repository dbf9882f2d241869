import VideoJobs

/// One rejection that may be about the job alone.
struct Refusal {
    var obstacle: BlockReason
    var retry: RetryTerms
    var time: MonotonicTime
    /// The ordinal of this rejection in the queue.
    var number: Int
    /// The queue's count of rejections when the rejected submission began.
    var seen: Int
    /// Whether the same task was rejected before.
    var isKnown = false

    /// Returns how long all jobs back off, also those of other kinds. The provider's `Retry-After` counts
    /// only for rate limits, which are per account; 402, 403 and 503 may be about one kind of job.
    func pause(after failures: Int) -> Duration {
        accountTerms.delay(after: failures)
    }

    /// Returns the same backoff before a job that may be of another kind.
    func probingPause(after failures: Int) -> Duration {
        accountTerms.probingDelay(after: failures)
    }

    private var accountTerms: RetryTerms {
        var terms = retry
        if obstacle != .rateLimited { terms.retryAfter = nil }
        return terms
    }
}
