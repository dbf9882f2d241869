package import Gateway
package import VideoJobs

extension MemoryTaskStore: DeliveryStore {
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
}
