/// Decides when a download pauses and resumes.
struct Watermarks {
    private static let highMark = 1 << 20
    private static let lowMark = highMark / 2

    /// Bytes enqueued but not yet written by the sink.
    private(set) var waiting = 0
    private var isPaused = false

    /// Adds a piece. Returns `false` if the download must pause.
    mutating func enqueue(_ count: Int) -> Bool {
        isPaused = waiting >= Self.highMark
        if !isPaused { waiting += count }
        return !isPaused
    }

    /// Removes a piece. Returns whether the paused download should resume.
    mutating func dequeue(_ count: Int) -> Bool {
        waiting -= count
        guard isPaused, waiting <= Self.lowMark else { return false }
        isPaused = false
        return true
    }
}
