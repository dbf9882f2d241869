import Transport

/// Decides when a process that has worked and now rests returns memory that only the work needed. Pure: the
/// processor time is an argument.
struct IdleMemory {
    /// How often the processor time is looked at.
    static let interval: Duration = .seconds(10)
    /// The processor time of an interval below which the process rests.
    static let restMax: Duration = .milliseconds(10)
    /// The processor time since the start from which returning memory is worth while, which costs 3 ms.
    static let workMin: Duration = .milliseconds(5)
    /// Intervals after a return in which there is no other: ten minutes, in which a gateway that does nothing
    /// uses more processor time than `workMin`.
    static let pause = 60

    private var lookedAt: Duration
    private var workEnd: Duration
    private var intervalsLeft = 0

    /// - Parameter processorTime: that of the process at its start.
    init(processorTime: Duration) { (lookedAt, workEnd) = (processorTime, processorTime + Self.workMin) }

    /// Notes the processor time at the end of an interval. Returns whether memory is to be returned now.
    mutating func isDue(processorTime: Duration) -> Bool {
        intervalsLeft -= 1
        defer { lookedAt = processorTime }
        guard intervalsLeft <= 0, processorTime - lookedAt < Self.restMax, processorTime >= workEnd else {
            return false
        }
        intervalsLeft = Self.pause
        workEnd = processorTime + Self.workMin
        return true
    }

    /// Returns memory now, and later when the process rests, until cancelled. The loop has the timer, and
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
