package import Gateway
import Synchronization

extension MemoryTaskStore: AuditStore {
    package func append(_ record: AuditRecord) async throws(StoreError) {
        try access(writes: true) { state throws(StoreError) in
            state.audit.append(record)
            state.identity.sequence += 1
        }
    }

    package func auditPage(matching query: AuditQuery) async throws(StoreError) -> AuditPage {
        try access { state throws(StoreError) in state.audit.page(query) }
    }

    /// All records of the audit, oldest first, even while calls fail.
    package var auditRecords: [AuditRecord] { state.withLock { $0.audit.records } }
}
