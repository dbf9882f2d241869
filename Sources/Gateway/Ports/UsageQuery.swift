package import VideoJobs

/// Which tasks a usage report sums, and into how many sums.
package struct UsageQuery: Equatable, Sendable {
    /// Tasks that were admitted from this time on, and prices of submissions that were ordered since.
    package var since: Timestamp
    /// The tasks of this client; `nil` for those of all.
    package var client: String?
    package var grouping: UsageGrouping

    package init(since: Timestamp, client: String? = nil, by grouping: UsageGrouping = .client) {
        self.since = since
        self.client = client
        self.grouping = grouping
    }
}
