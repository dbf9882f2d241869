/// What has become of the price of a task.
package enum PriceState: String, CaseIterable, Sendable {
    /// The task is open: it may be billed.
    case reserved
    /// The provider made the video, and bills it.
    case spent
    /// The submission was certainly not billed.
    case freed
    /// Nobody knows whether the submission was billed.
    case held
}

extension TaskState {
    /// The state of a task's price; `nil` for a failed task, where it depends on the failure.
    package var priceState: PriceState? {
        switch self {
        case .queued, .sending, .running, .archiving: .reserved
        case .completed: .spent
        case .uncertain: .held
        case .cancelled: .freed
        case .failed: nil
        }
    }
}
