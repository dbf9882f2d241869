package import VideoJobs

/// A page of the tasks whose content is in the archive.
package struct ContentQuery: Equatable, Sendable {
    /// The order of retention.
    package enum Order: Equatable, Sendable {
        /// By the time at which the content was archived, earliest first.
        case archived
        /// By the end of the retention time, earliest first; only content with such an end.
        ///
        /// - Parameter by: ends that are not later; `nil` for all.
        case expiry(by: Timestamp?)
        /// The same of content that nobody has fetched and whose removal was not announced.
        case unnoticedExpiry(by: Timestamp?)
    }

    package var order: Order
    /// The task after which the page begins; `nil` for the first page.
    package var after: TaskID?
    package var limit: Int

    package init(_ order: Order, after: TaskID? = nil, limit: Int) {
        self.order = order
        self.after = after
        self.limit = limit
    }
}
