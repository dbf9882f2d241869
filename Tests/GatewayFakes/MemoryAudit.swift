import Gateway

/// The audit of a store in memory.
struct MemoryAudit: Sendable {
    private(set) var records: [AuditRecord] = []

    /// Appends a record, if there is one.
    mutating func append(_ record: AuditRecord?) {
        if let record { records.append(record) }
    }

    func page(_ query: AuditQuery) -> AuditPage {
        let entries = records.enumerated().map { AuditPage.Entry(sequence: Int64($0 + 1), record: $1) }
        let found = entries.reversed().filter { entry in
            query.matches(entry.record) && query.before.map { entry.sequence < $0 } ?? true
        }
        let page = Array(found.prefix(query.limit))
        return AuditPage(entries: page, next: found.count > page.count ? page.last?.sequence : nil)
    }
}
