/// The provider's report on a task, normalized from any of the shapes that it uses.
package struct ProviderReport: Equatable, Sendable {
    /// The provider's status of a task.
    package enum Status: Equatable, Sendable {
        case pending, processing, completed, failed, cancelled
        /// A status that the vocabulary does not contain; empty if there was none. It does not end the task
        /// by itself; it is logged.
        case unknown(String)
    }

    package var status: Status
    /// 0…100; `nil` if the reply has none.
    package var progress: Int?
    /// Result links in order; empty while there are none, even with `completed` (a known race).
    package var links: [String]
    /// Why a link of the reply cannot be fetched, without the link; `nil` if all of them can.
    package var unusableLink: String?
    package var failure: FailureReason?
    package var estimatedSeconds: Int?
    /// The `usage` object as JSON text.
    package var usage: String?
    /// The beginning of a reply that did not yield a usable end, for diagnosis; without keys and queries.
    package var replyExcerpt: String?
    /// The delay before the next poll that the provider requested.
    package var retryAfter: Duration?

    package init(
        _ status: Status, progress: Int? = nil, links: [String] = [], failure: FailureReason? = nil,
        estimatedSeconds: Int? = nil, usage: String? = nil
    ) {
        self.status = status
        self.progress = progress
        self.links = links
        self.failure = failure
        self.estimatedSeconds = estimatedSeconds
        self.usage = usage
    }
}
