import Synchronization
package import Gateway
package import VideoJobs

extension MemoryTaskStore: DeliveryStore {
    /// Every delivery, in no order.
    package var allDeliveries: [Delivery] { state.withLock { $0.deliveries.all } }

    /// Whether a task has a callback.
    package func hasCallback(_ id: TaskID) -> Bool { state.withLock { $0.deliveries.hasCallback(id) } }

    package func pendingDeliveries(
        excluding hosts: Set<String>, limit: Int
    ) async throws(StoreError) -> [PendingDelivery] {
        try access { state throws(StoreError) in state.deliveries.pending(excluding: hosts, limit: limit) }
    }

    package func delivery(_ id: DeliveryID) async throws(StoreError) -> Delivery? {
        try access { state throws(StoreError) in state.deliveries[id] }
    }

    package func deliveries(of task: TaskID, limit: Int) async throws(StoreError) -> [Delivery] {
        try access { state throws(StoreError) in state.deliveries.last(limit, of: task) }
    }

    package func changeDelivery(
        _ id: DeliveryID, audit: AuditRecord?, _ change: @escaping @Sendable (inout Delivery) -> Void
    ) async throws(StoreError) -> Delivery? {
        try access(writes: true) { state throws(StoreError) in
            guard let changed = state.deliveries.change(id, change) else { return nil }
            state.audit.append(audit)
            state.identity.sequence += 1
            return changed
        }
    }

    package func noticeMarks() async throws(StoreError) -> [NoticeMark] {
        try access { state throws(StoreError) in Array(state.deliveries.marks.values) }
    }

    package func insertNotices(
        _ notices: [NewNotice], _ mark: NoticeMark, at now: Timestamp
    ) async throws(StoreError) {
        try access(writes: true) { state throws(StoreError) in
            state.deliveries.insert(notices, mark, at: now)
            state.identity.sequence += 1
        }
    }

    package func removeNoticeMark(_ subject: String) async throws(StoreError) {
        try access(writes: true) { state throws(StoreError) in
            state.deliveries.removeMark(of: subject)
            state.identity.sequence += 1
        }
    }
}
