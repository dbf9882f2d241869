package import Gateway
import VideoJobs

extension SQLiteTaskStore: AuditStore {
    package func append(_ record: AuditRecord) async throws(StoreError) {
        try await writer.perform(bytes: 1_000) { transaction in
            let row = try record.taskID.flatMap { try transaction.row(ofTask: $0.text) }
            try AuditMutations.insert(record, ofTask: row, in: transaction)
        }
    }

    package func auditPage(matching query: AuditQuery) async throws(StoreError) -> AuditPage {
        try await readers.read { db in try AuditReads.page(query, in: db) }
    }
}
