/// Why a wait for a change of a task is over.
enum WaitOutcome: Equatable, Sendable {
    /// The condition holds.
    case satisfied
    case timedOut
    /// The surrounding task was cancelled: the client has left.
    case cancelled
    /// The gateway shuts down.
    case stopping
    /// A token, a role or a session has changed; the caller may have lost its access.
    case policyChanged
}
