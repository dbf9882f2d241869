/// The outcome of a compare-and-set.
package enum SaveOutcome: Equatable, Sendable {
    /// The change is durable; the sequence is that of its event.
    case saved(sequence: Int64)
    /// Another change was faster, or there is no such task.
    case outdated
    /// The change exceeds a limit of the task's client or of the gateway, and nothing was stored.
    case limited(AdmissionLimit)
}

extension SaveOutcome {
    package var isSaved: Bool {
        switch self {
        case .saved: true
        case .outdated, .limited: false
        }
    }
}
