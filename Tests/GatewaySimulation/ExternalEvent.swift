import Gateway
import VideoJobs

/// Something that happened outside the gateway.
enum ExternalEvent: Sendable {
    /// A create began; `number` identifies it.
    case called(TaskID, number: Int)
    /// The provider accepted a create and bills it.
    case accepted(TaskID, number: Int)
    /// The verdict that the gateway received.
    case verdictReturned(TaskID, number: Int, SubmissionVerdict)
    case pollBegan(ProviderTaskID, of: TaskID?)
    case pollEnded(ProviderTaskID)
    /// The archive removed a copy.
    case removed(TaskID)
}
