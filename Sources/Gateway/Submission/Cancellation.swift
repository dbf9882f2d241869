package enum Cancellation<StatusAnswer: Sendable>: Sendable {
    case cancelled(TaskView<StatusAnswer>)
    /// It was sent already, or has ended.
    case tooLate(TaskView<StatusAnswer>)
}
