import VideoJobs

/// What is known of a waiting task that was refused itself.
struct RefusedTask {
    var obstacle: BlockReason
    /// How often in a row.
    var refusals: Int
    /// It is not tried again before this.
    var until: MonotonicTime
}
