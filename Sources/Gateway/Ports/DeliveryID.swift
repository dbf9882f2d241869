package import VideoJobs

/// The id of a delivery.
package enum DeliveryID: Hashable, Sendable, CustomStringConvertible {
    /// A webhook: its task, and the version in which the task ended.
    case webhook(TaskID, version: Int)
    /// A notice, by the number that the store gave it.
    case notice(Int64)

    /// The `webhook-id` of a webhook, the same for every attempt. Without a dot, which separates the signed
    /// parts.
    package var description: String {
        switch self {
        case .webhook(let task, let version): "msg_\(task)_\(version)"
        case .notice(let number): "notice_\(number)"
        }
    }
}
