/// Durable storage of the audit. A call that returns without an error has reached the disk (fsync).
///
/// Records of changes are stored by the call that makes the change: `NewTask.audit`, `TaskChange.audit`,
/// `ClientChange.audit`, `setRestoration`.
package protocol AuditStore: Sendable {
    /// Appends a record of an action that changes nothing else in the store.
    func append(_ record: AuditRecord) async throws(StoreError)

    /// Returns a page of the audit, newest first. A page may have fewer records than the limit although there
    /// are more.
    func auditPage(matching query: AuditQuery) async throws(StoreError) -> AuditPage
}
