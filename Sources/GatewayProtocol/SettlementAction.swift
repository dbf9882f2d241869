/// A way to settle an uncertain task.
package enum SettlementAction: String, CaseIterable, Sendable {
    /// The provider has the job: follow the provider task of this id.
    case adopt
    /// The provider never had the job: the task fails.
    case dismiss
    /// Send the job again, although it may then be billed twice.
    case resubmit

    /// The path, as a template: `{id}` stands for the task's id.
    package var path: String { "\(GatewayPath.task)/\(rawValue)" }
}
