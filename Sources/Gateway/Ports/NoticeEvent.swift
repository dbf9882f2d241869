/// What notices report; the raw values are those of `notify.on`, and stored.
package enum NoticeEvent: String, CaseIterable, Sendable {
    case completed, failed, uncertain
    /// Submission is halted.
    case paused
    /// A budget, or the spend ceiling of the day, is nearly used up.
    case budget

    /// The end of a task that notices report; `nil` for one that a person brought about.
    init?(_ end: WebhookType) {
        switch end {
        case .completed: self = .completed
        case .failed: self = .failed
        case .uncertain: self = .uncertain
        case .cancelled: return nil
        }
    }

    /// The type, in the words of webhooks.
    package var type: String {
        switch self {
        case .completed: WebhookType.completed.rawValue
        case .failed: WebhookType.failed.rawValue
        case .uncertain: WebhookType.uncertain.rawValue
        case .paused: "submission.paused"
        case .budget: "budget.low"
        }
    }
}
