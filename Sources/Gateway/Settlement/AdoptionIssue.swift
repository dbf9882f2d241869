package import VideoJobs

/// Why a provider task cannot be adopted.
package enum AdoptionIssue: Equatable, Sendable {
    /// It belongs to this task; `nil` while another adoption of it is in progress.
    case taken(by: TaskID?)
    case notKnown(message: String)
    /// The provider could not be asked; worth another try.
    case notAsked(BlockReason, message: String, retryAfter: Duration?)
}
