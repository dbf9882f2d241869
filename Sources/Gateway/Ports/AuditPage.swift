/// A page of the audit, newest first.
package struct AuditPage: Equatable, Sendable {
    /// A record at its position in the audit.
    package struct Entry: Equatable, Sendable {
        /// Greater than that of every record before it.
        package var sequence: Int64
        package var record: AuditRecord

        package init(sequence: Int64, record: AuditRecord) {
            self.sequence = sequence
            self.record = record
        }
    }

    package var entries: [Entry]
    /// Where the next page begins; `nil` after the last one.
    package var next: Int64?

    package init(entries: [Entry], next: Int64?) {
        self.entries = entries
        self.next = next
    }
}
