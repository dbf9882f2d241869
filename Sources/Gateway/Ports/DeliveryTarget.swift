/// What a delivery reports, and to whom.
package enum DeliveryTarget: Equatable, Sendable {
    /// For the program that the job names.
    case webhook(WebhookType, TaskCallback)
    /// For people that the configuration names.
    case notice(NoticeTarget)

    /// What bounds of concurrency count by.
    package var host: String {
        switch self {
        case .webhook(_, let callback): callback.host
        case .notice(let target): target.host
        }
    }
}
