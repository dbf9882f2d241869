/// The outcome of a review.
package enum ReviewOutcome: Sendable {
    case reviewed(TaskView)
    /// Only a completed task can be reviewed.
    case notCompleted(TaskView)
}
