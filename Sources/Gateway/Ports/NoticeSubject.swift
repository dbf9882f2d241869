package import VideoJobs

/// What a notice is about.
package enum NoticeSubject: Sendable {
    /// A task that came to an end.
    case task(NoticeEvent, TaskRecord)
    /// A halt of all submissions.
    case paused(SubmissionHalt)
    /// A budget that is nearly used up.
    case budget(BudgetUse)

    /// The end that a change brought to a task; `nil` if no notice reports it.
    init?(_ record: TaskRecord, after before: TaskRecord?) {
        guard let event = WebhookType(for: record, after: before).flatMap({ NoticeEvent($0) }) else {
            return nil
        }
        self = .task(event, record)
    }

    package var event: NoticeEvent {
        switch self {
        case .task(let event, _): event
        case .paused: .paused
        case .budget: .budget
        }
    }
}
