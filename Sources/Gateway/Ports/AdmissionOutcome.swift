package import VideoJobs

package enum AdmissionOutcome: Equatable, Sendable {
    case admitted
    /// The same key with the same job came before: this is its task.
    case replayed(TaskRecord)
    /// The same key came before with another job.
    case keyReused
}
