/// What the provider says of a task, read from any of the shapes it uses.
package struct ProviderReport: Equatable, Sendable {
    package enum Status: Equatable, Sendable {
        case pending, processing, completed, failed, cancelled
        /// None of the vocabulary's words; empty if there was none. Not an end by itself; logged.
        case unknown(String)
    }

    package var status: Status
    /// 0…100 where it said so.
    package var progress: Int?
    /// Result links in order; empty while there are none (even on `completed`: a known race).
    package var links: [String]
    /// Why a link that came cannot be fetched, without the link; `nil` if all can.
    package var unusableLink: String?
    package var failure: FailureReason?
    package var estimatedSeconds: Int?
    /// The `usage` object as JSON text.
    package var usage: String?
    /// The beginning of the reply where it brought no usable end, for a person; no key, no query.
    package var replyExcerpt: String?
    /// How long the provider asked to wait before the next poll.
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

/// What became of one paid POST (contract, section 6).
package enum SubmissionVerdict: Equatable, Sendable {
    /// 2xx with an id.
    case accepted(ProviderTaskID, ProviderReport)
    /// A definite no; the task fails with these words.
    case refused(FailureReason)
    /// Surely not running there: send again later, not before `retryAfter` if the provider said so. The
    /// refusal may be about this job alone: its model, prompt, price or client.
    case notAccepted(BlockReason, retryAfter: Duration?, message: String)
    /// Surely not running there, for a reason that concerns every job: a rejected key, or no connection.
    case blocked(BlockReason, retryAfter: Duration?, message: String)
    /// It may be running and billed. Never sent again by itself.
    case unknown(LostReply)
}

/// What one poll brought.
package enum PollOutcome: Equatable, Sendable {
    case report(ProviderReport)
    /// The poll failed: says nothing of the task. `retryAfter` as the provider asked.
    case unavailable(message: String, retryAfter: Duration?)
    /// 404 in the provider's own shape: it does not know the task (bounded patience, then
    /// `generation_timeout`).
    case notKnown(message: String)
    /// 401, 402 or 403 in the provider's own shape.
    case credentialsRejected(message: String)
}
