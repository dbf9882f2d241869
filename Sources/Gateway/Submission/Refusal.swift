import VideoJobs

/// One refusal that may be about the job alone.
struct Refusal {
    var obstacle: BlockReason
    var retry: RetryTerms
    var time: MonotonicTime
    /// Counts all refusals of the queue.
    var number: Int
    /// How many there had been when the refused submission began.
    var seen: Int
    /// Whether the same task was refused before.
    var isKnown = false

    /// How long all jobs wait, also those that nothing was said of: for what the provider asked only if it
    /// limits rates, which it does by account. 402, 403 and 503 may be about one kind of job.
    func pause(after failures: Int) -> Duration {
        accountTerms.delay(after: failures)
    }

    /// The same before a job is tried that may be of another kind.
    func probingPause(after failures: Int) -> Duration {
        accountTerms.probingDelay(after: failures)
    }

    private var accountTerms: RetryTerms {
        var terms = retry
        if obstacle != .rateLimited { terms.retryAfter = nil }
        return terms
    }
}
