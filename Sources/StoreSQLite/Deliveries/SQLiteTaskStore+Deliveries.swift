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
        try await readers.read { db in
            let webhooks = try DeliveryReads.deliveries(of: task, limit: limit, in: db)
            let notices = try NoticeReads.notices(of: task, limit: limit, in: db)
            // A stable sort: those of one change keep their order.
            return (webhooks.reversed() + notices.reversed()).sorted { $0.created < $1.created }
        }
    }

    package func changeDelivery(
        _ id: DeliveryID, audit: AuditRecord?, _ change: @escaping @Sendable (inout Delivery) -> Void
    ) async throws(StoreError) -> Delivery? {
        try await writer.perform(bytes: 4_000) { transaction in
            let db = transaction.db
            guard var delivery = try DeliveryReads.delivery(id, in: db) else { return nil }
            change(&delivery)
            var row: Int64?
            switch id {
            case .webhook(let task, let version):
                row = try transaction.row(ofTask: task.text)
                try DeliveryMutations.update(delivery, of: row, version: version, in: db)
            case .notice(let number): try NoticeMutations.update(delivery, number: number, in: db)
            }
            try AuditMutations.insert(audit, ofTask: row, in: transaction)
            return delivery
        }
    }
}
