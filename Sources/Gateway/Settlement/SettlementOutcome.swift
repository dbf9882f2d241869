/// What became of settling a task by hand.
package enum SettlementOutcome<StatusAnswer: Sendable>: Sendable {
    case settled(TaskView<StatusAnswer>)
    /// There is nothing to settle, or somebody else was faster.
    case notUncertain(TaskView<StatusAnswer>)
    /// It stays uncertain.
    case refused(AdoptionIssue)
}
