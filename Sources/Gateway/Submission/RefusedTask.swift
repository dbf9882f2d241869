import VideoJobs

/// The rejections of a waiting task.
struct RefusedTask {
    var obstacle: BlockReason
    /// Consecutive rejections.
    var refusals: Int
    /// The earliest next attempt.
    var until: MonotonicTime
}
