package import VideoJobs

/// Durable storage of webhooks and notices. A call that returns without an error has reached the disk
/// (fsync).
///
/// `NewTask.callback`, `TaskChange.delivery` and `TaskChange.notices` store callbacks, webhooks and notices
/// with the changes of tasks. A notice that has ended may be removed after `NewNotice.kept`.
package protocol DeliveryStore: Sendable {
    /// Returns pending deliveries in the order of their next attempts.
    ///
    /// - Parameter hosts: hosts to leave out, at most `DeliveryService.busyHostsMax`.
    func pendingDeliveries(
        excluding hosts: Set<String>, limit: Int
    ) async throws(StoreError) -> [PendingDelivery]

    func delivery(_ id: DeliveryID) async throws(StoreError) -> Delivery?

    /// Returns the last webhooks and the last notices of a task, oldest first.
    ///
    /// - Parameter limit: 1…1000, of each.
    func deliveries(of task: TaskID, limit: Int) async throws(StoreError) -> [Delivery]

    /// Returns the marks of what was reported to people.
    func noticeMarks() async throws(StoreError) -> [NoticeMark]
    /// Stores notices that are about no task, and their mark, in one transaction.
    func insertNotices(_ notices: [NewNotice], _ mark: NoticeMark, at now: Timestamp) async throws(StoreError)
    /// Removes the mark of a subject, if there is one.
    func removeNoticeMark(_ subject: String) async throws(StoreError)

    /// Changes a delivery in one transaction. Returns it as stored; `nil` if there is none. Keeps what a
    /// delivery is made with: `Delivery.state`, `failures`, `next` and `attempts` may change.
    ///
    /// - Parameter audit: stored in the same transaction.
    func changeDelivery(
        _ id: DeliveryID, audit: AuditRecord?, _ change: @escaping @Sendable (inout Delivery) -> Void
    ) async throws(StoreError) -> Delivery?
}
