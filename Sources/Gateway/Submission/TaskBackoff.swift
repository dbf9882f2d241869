import VideoJobs

/// The backoff of a waiting task that was rejected.
struct TaskBackoff {
    var reason: BlockReason
    /// The number of consecutive rejections.
    var rejections: Int
    /// The earliest next attempt.
    var until: MonotonicTime
}
