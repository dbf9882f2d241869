import Synchronization
import VideoJobs

// Space for the results of jobs.
extension SubmissionService {
    /// Reserves space for the results of a job. Without space no job is sent for a while, and this one is
    /// queued again. Returns whether to send it.
    func reserveSpace(for task: QueuedTask) async -> Bool {
        guard let record = repository.cached(task.id.text), let message = await reservations.reserve(record)
        else { return true }
        let reason = BlockReason.archiveUnavailable
        let retry = RetryTerms(backoff: reason.backoff(settings), jitter: ports.jitter())
        let now = ports.clock.monotonic()
        let delay = end(task) { $0.ended(task, .blocked(reason), retry: retry, at: now) }
        // For readers and waiting callers. While the store fails, the reason of the queue is shown.
        let event = TaskLifecycle.Event.spaceMissing(message: message, at: ports.clock.now())
        if let outcome = try? await repository.apply(event, to: task.id), outcome.changed {
            log.lacksSpace(task.id, message, retryAfter: delay)
        }
        return false
    }

    /// Tries at once again to reserve space, if jobs wait for it.
    func retryReservations() {
        let now = ports.clock.monotonic()
        if queue.withLock({ $0.retryReservation(at: now) }) { dispatchReady() }
    }
}

extension SubmissionQueue {
    /// Makes a probe due, if jobs wait for space. Returns whether they do.
    fileprivate mutating func retryReservation(at now: MonotonicTime) -> Bool {
        guard gate.closure?.reason == .archiveUnavailable else { return false }
        gate.probe(.archiveUnavailable, at: now)
        return true
    }
}
