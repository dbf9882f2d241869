/// The classified outcome of one paid POST (contract, section 6).
package enum SubmissionVerdict: Equatable, Sendable {
    /// 2xx with a task ID.
    case accepted(ProviderTaskID, ProviderReport)
    /// A definite refusal; the task fails with this reason.
    case refused(FailureReason)
    /// The job is certainly not running at the provider and is retried, not before `retryAfter` if given.
    /// The refusal may concern this job alone: its model, prompt, price or client.
    case notAccepted(BlockReason, retryAfter: Duration?, message: String)
    /// The job is certainly not running at the provider, for a reason that concerns every job: a rejected
    /// key, or no connection.
    case blocked(BlockReason, retryAfter: Duration?, message: String)
    /// The job may be running and billed. It is never sent again automatically.
    case unknown(LostReply)
}
