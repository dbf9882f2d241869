package import VideoJobs

/// Durable storage of webhooks. A call that returns without an error has reached the disk (fsync).
///
/// `NewTask.callback` and `TaskChange.delivery` store callbacks and deliveries with the changes of tasks.
package protocol DeliveryStore: Sendable {
    /// Returns pending deliveries in the order of their next attempts.
    ///
    /// - Parameter hosts: hosts to leave out, at most `DeliveryService.busyHostsMax`.
    func pendingDeliveries(
        excluding hosts: Set<String>, limit: Int
    ) async throws(StoreError) -> [PendingDelivery]

    func delivery(_ id: DeliveryID) async throws(StoreError) -> Delivery?

    /// Returns the last deliveries of a task, oldest first.
    ///
    /// - Parameter limit: 1…1000.
    func deliveries(of task: TaskID, limit: Int) async throws(StoreError) -> [Delivery]

    /// Changes a delivery in one transaction. Returns it as stored; `nil` if there is none. Keeps what a
    /// delivery is made with: `Delivery.state`, `failures`, `next` and `attempts` may change.
    ///
    /// - Parameter audit: stored in the same transaction.
    func changeDelivery(
        _ id: DeliveryID, audit: AuditRecord?, _ change: @escaping @Sendable (inout Delivery) -> Void
    ) async throws(StoreError) -> Delivery?
}
