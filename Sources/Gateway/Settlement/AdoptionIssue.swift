package import VideoJobs

/// Why a task cannot be followed as the provider's task that was named.
package enum AdoptionIssue: Equatable, Sendable {
    /// It belongs to this task of ours; `nil` while it is just being adopted for one.
    case taken(by: TaskID?)
    case notKnown(message: String)
    /// The provider could not be asked; worth another try.
    case notAsked(BlockReason, message: String, retryAfter: Duration?)
}
