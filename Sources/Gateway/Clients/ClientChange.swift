/// A new version of a client with the record of its change.
package struct ClientChange: Equatable, Sendable {
    package var client: Client
    package var audit: AuditRecord?

    package init(_ client: Client, audit: AuditRecord? = nil) {
        self.client = client
        self.audit = audit
    }
}
