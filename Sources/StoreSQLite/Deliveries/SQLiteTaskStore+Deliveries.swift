package import Gateway
package import VideoJobs

extension SQLiteTaskStore: DeliveryStore {
    package func pendingDeliveries(
        excluding hosts: Set<String>, limit: Int
    ) async throws(StoreError) -> [PendingDelivery] {
        try await readers.read { db in try DeliveryReads.pending(excluding: hosts, limit: limit, in: db) }
    }

    package func delivery(_ id: DeliveryID) async throws(StoreError) -> Delivery? {
        try await readers.read { db in try DeliveryReads.delivery(id, in: db) }
    }

    package func deliveries(of task: TaskID, limit: Int) async throws(StoreError) -> [Delivery] {
        try await readers.read { db in try DeliveryReads.deliveries(of: task, limit: limit, in: db) }
    }

    package func changeDelivery(
        _ id: DeliveryID, audit: AuditRecord?, _ change: @escaping @Sendable (inout Delivery) -> Void
    ) async throws(StoreError) -> Delivery? {
        try await writer.perform(bytes: 4_000) { transaction in
            guard let row = try transaction.row(ofTask: id.taskID.text),
                var delivery = try DeliveryReads.delivery(id, in: transaction.db)
            else { return nil }
            change(&delivery)
            try DeliveryMutations.update(delivery, of: row, in: transaction.db)
            try AuditMutations.insert(audit, ofTask: row, in: transaction)
            return delivery
        }
    }
}
