/// The outcome of settling a task by hand.
package enum SettlementOutcome: Sendable {
    case settled(TaskView)
    /// The task is not uncertain and holds no price; another caller may have been faster.
    case notUncertain(TaskView)
    /// It stays uncertain.
    case refused(AdoptionIssue)
}
