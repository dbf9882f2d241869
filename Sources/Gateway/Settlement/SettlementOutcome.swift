/// What became of settling a task by hand.
package enum SettlementOutcome: Sendable {
    case settled(TaskView)
    /// There is nothing to settle, or somebody else was faster.
    case notUncertain(TaskView)
    /// It stays uncertain.
    case refused(AdoptionIssue)
}
