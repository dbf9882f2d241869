package import VideoJobs

package enum AdmissionOutcome: Equatable, Sendable {
    /// The task is new; the sequence is that of the last of its events.
    case admitted(sequence: Int64)
    /// The same key with the same job came before: this is its task.
    case replayed(TaskRecord)
    /// The same key came before with another job.
    case keyReused
    /// The job exceeds a limit of its client or of the gateway, and nothing was stored.
    case limited(AdmissionLimit)
    /// The job only joins an earlier task, and there is none; nothing was stored.
    case nothingJoined
}

extension AdmissionOutcome {
    package var isAdmitted: Bool {
        switch self {
        case .admitted: true
        case .replayed, .keyReused, .limited, .nothingJoined: false
        }
    }
}
