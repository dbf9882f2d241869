package import VideoJobs

/// What a webhook reports; the raw values are stored and sent.
package enum WebhookType: String, CaseIterable, Sendable {
    case completed = "task.completed"
    case failed = "task.failed"
    case cancelled = "task.cancelled"
    case uncertain = "task.uncertain"

    /// The end that a change brought to a task; `nil` if it brought none.
    ///
    /// A task can end more than once: an uncertain one is settled, one that timed out completes after all.
    package init?(for record: TaskRecord, after before: TaskRecord?) {
        guard record.state != before?.state else { return nil }
        switch record.state {
        case .queued, .sending, .running, .archiving: return nil
        case .completed: self = .completed
        case .failed: self = .failed
        case .cancelled: self = .cancelled
        case .uncertain: self = .uncertain
        }
    }
}
