package import VideoJobs

/// The outcome of an order to send a webhook again.
package enum Redelivery: Sendable {
    /// The task's deliveries; the last one is due now.
    case ordered([Delivery])
    /// The task has no delivery, or none yet.
    case nothing(TaskRecord)
}
