import Transport

/// Decides when a process that has worked and now rests returns memory that only the work needed. Pure: the
/// processor time is an argument.
struct IdleMemory {
    /// How often the processor time is looked at.
    static let interval: Duration = .seconds(10)
    /// The processor time of an interval below which the process rests.
    static let restMax: Duration = .milliseconds(10)
    /// The processor time since memory was last returned from which it is worth while again.
    static let workMin: Duration = .milliseconds(20)

    private var lookedAt: Duration
    private var returnedAt: Duration

    /// - Parameter processorTime: that of the process when it last returned memory.
    init(processorTime: Duration) { (lookedAt, returnedAt) = (processorTime, processorTime) }

    /// Notes the processor time of the process. Returns whether memory is to be returned now.
    mutating func isDue(processorTime: Duration) -> Bool {
        defer { lookedAt = processorTime }
        guard processorTime - lookedAt < Self.restMax, processorTime - returnedAt >= Self.workMin else {
            return false
        }
        returnedAt = processorTime
        return true
    }

    /// Returns memory now, and later whenever the process rests, until cancelled. The loop has the timer, and
    /// does not wait for the work.
    static func watch(on loop: EventLoop) async {
        ProcessMemory.releaseUnused()
        var idle = IdleMemory(processorTime: SystemTime.processorTime)
        while !Task.isCancelled {
            await loop.sleep(for: interval)
            if idle.isDue(processorTime: SystemTime.processorTime) { ProcessMemory.releaseUnused() }
        }
    }
}
