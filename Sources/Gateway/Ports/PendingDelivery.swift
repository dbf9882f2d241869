package import VideoJobs

/// What the schedule needs to know of a pending delivery.
package struct PendingDelivery: Equatable, Sendable {
    package var id: DeliveryID
    /// As `TaskCallback.host`.
    package var host: String
    package var next: Timestamp

    package init(id: DeliveryID, host: String, next: Timestamp) {
        self.id = id
        self.host = host
        self.next = next
    }
}
