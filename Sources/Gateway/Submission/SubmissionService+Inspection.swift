import Synchronization
import VideoJobs

// The state of the queue for readers.
extension SubmissionService {
    /// Whether nothing is sent until an operator resumes.
    var isPaused: Bool { queue.withLock { $0.isPaused } }

    /// Why submissions are blocked, and until when at least; `nil` while they are not.
    var block: (reason: BlockReason, until: MonotonicTime)? {
        let now = ports.clock.monotonic()
        return queue.withLock { $0.blockReason(at: now) }
    }

    /// Whether the queue takes no more tasks.
    var isQueueFull: Bool { queue.withLock { $0.count } >= settings.queueMax }

    /// Whether no job waits or is being sent.
    var isIdle: Bool { queue.withLock { $0.count == 0 } && inFlight.isIdle }

    /// Returns the position that a job would have as a new task of a client; `nil` if it would be sent now.
    func nextPosition(of job: VideoJob, for client: String) -> Int? {
        // A copy: the lock is not held while it is tried.
        var queue = queue.withLock { $0 }
        if !isRunning.load(ordering: .acquiring) || health.failure != nil { queue.pause() }
        let traits =
            queue.hasRejectionPatterns ? JobTraits(payload: job.payload, client: client) : nil
        return queue.nextPosition(of: client, traits: traits, at: ports.clock.monotonic())
    }

    /// Whether a task does not wait in the queue: its submission is in progress, or has ended.
    func hasLeftQueue(_ id: TaskID) -> Bool { queue.withLock { !$0.isWaiting(id) } }

    /// Returns the position of a queued task and why it is held, or why a video cannot be copied; `nil` for
    /// other tasks.
    func queueStatus(of record: TaskRecord) -> QueueStatus? {
        guard record.state == .queued else { return QueueStatus(blockedCopyOf: record) }
        let (position, hold) = queue.withLock { ($0.position(of: record.id), $0.hold(on: record.id)) }
        var waiting: QueueStatus.Waiting?
        if let own = record.blockReason {
            waiting = QueueStatus.Waiting(
                reason: own, message: record.blockMessage ?? own.explanation)
        } else if let reason = hold?.reason {
            waiting = QueueStatus.Waiting(
                reason: reason, message: "held behind another job: \(reason.explanation)")
        }
        let now = ports.clock.monotonic()
        if let until = hold?.until, until > now {
            waiting?.next = ports.clock.now() + (until - now)
            waiting?.secondsLeft = Int((until - now).components.seconds + 1)
        }
        guard position != nil || waiting != nil else { return nil }
        return QueueStatus(position: position, waiting: waiting)
    }
}
