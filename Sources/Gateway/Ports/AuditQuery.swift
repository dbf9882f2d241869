package import VideoJobs

/// Which records a page of the audit shows.
package struct AuditQuery: Equatable, Sendable {
    /// 1…1000.
    package var limit: Int
    /// Continue with the records before this sequence (`next` of the page before).
    package var before: Int64?
    /// Records since this time.
    package var since: Timestamp?
    /// Records of actions by or on this client.
    package var client: String?

    package static let limits = 1...1_000

    package init(limit: Int = 100) { self.limit = limit }

    /// Whether a record is one of them.
    package func matches(_ record: AuditRecord) -> Bool {
        (since.map { record.at >= $0 } ?? true)
            && (client.map { record.client == $0 || record.actor == $0 } ?? true)
    }
}
