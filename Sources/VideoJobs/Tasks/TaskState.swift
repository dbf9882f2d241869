/// The state of a task in the gateway; the contract's `gateway.state`.
package enum TaskState: String, CaseIterable, Sendable {
    case queued, sending, running, archiving, completed, failed, uncertain, cancelled

    /// Whether the task is still being processed.
    package var isOpen: Bool {
        switch self {
        case .queued, .sending, .running, .archiving: true
        case .completed, .failed, .uncertain, .cancelled: false
        }
    }

    /// Whether the task has ended and cannot come back: an uncertain one can be settled.
    package var isFinal: Bool { !isOpen && self != .uncertain }

    /// Whether the task counts towards the account's `provider.max_in_flight`.
    package var isInFlight: Bool {
        switch self {
        case .sending, .running: true
        case .queued, .archiving, .completed, .failed, .uncertain, .cancelled: false
        }
    }
}
