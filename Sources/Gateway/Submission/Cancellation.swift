/// The outcome of a request to cancel a task.
package enum Cancellation: Sendable {
    case cancelled(TaskView)
    /// The job was sent already, or the task has ended.
    case tooLate(TaskView)
}
