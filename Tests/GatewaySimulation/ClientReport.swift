import VideoJobs

@testable import Gateway

/// Something that the gateway reported to a caller.
enum ClientReport: Sendable {
    case started(Bool)
    case stopped
    /// The response to a POST; the number is the client's own.
    case admission(Int, AdmittedTask?, GatewayError?)
    /// A record that was returned to a reader, published to observers, or waited for.
    case record(TaskRecord)
    /// A change that was published in the order of the store's event sequence.
    case committed(CommittedChange)
    case cancelled(TaskID)
    /// The end of an operator's settlement, and whether its response arrived.
    case settlement(TaskID, isReceived: Bool)
    /// Archived content that could be read.
    case content(TaskID)
}
