package import VideoJobs

/// The outcome of an order to send a webhook again.
package enum Redelivery: Sendable {
    /// The task's deliveries; its last webhook is due now.
    case ordered([Delivery])
    /// The task has no webhook, or none yet.
    case nothing(TaskRecord)
}
