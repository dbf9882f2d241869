import VideoJobs

/// One refusal that may be about the job alone.
struct Refusal {
    var obstacle: SubmissionObstacle
    var retry: RetryTerms
    var time: MonotonicTime
    /// Counts all refusals of the queue.
    var number: Int
    /// How many there had been when the refused submission began.
    var seen: Int
}

/// What is known of a waiting task that was refused itself.
struct RefusedTask {
    var obstacle: SubmissionObstacle
    /// How often in a row.
    var refusals: Int
    /// It is not tried again before this.
    var until: MonotonicTime
}
