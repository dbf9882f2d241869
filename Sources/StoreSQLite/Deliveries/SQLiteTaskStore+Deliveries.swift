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

    package func noticeMarks() async throws(StoreError) -> [NoticeMark] {
        try await readers.read { db in try NoticeReads.marks(in: db) }
    }

    package func insertNotices(
        _ notices: [NewNotice], _ mark: NoticeMark, at now: Timestamp
    ) async throws(StoreError) {
        try await writer.perform(bytes: notices.reduce(1_000) { $0 + $1.body.count }) { transaction in
            try NoticeMutations.insert(notices, of: nil, at: now, in: transaction.db)
            try NoticeMutations.set(mark, in: transaction.db)
        }
    }

    package func removeNoticeMark(_ subject: String) async throws(StoreError) {
        try await writer.perform(bytes: 100) { try NoticeMutations.removeMark(of: subject, in: $0.db) }
    }
}
