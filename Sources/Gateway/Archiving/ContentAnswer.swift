package import VideoJobs

package enum ContentAnswer: Sendable {
    case notFound
    case notReady(TaskRecord)
    /// Retention removed it.
    case expired(TaskRecord)
    /// It is not here now, and not by our hand.
    case unavailable(message: String, retryAfterSeconds: Int)
    case file(ArchivedFile, ArchivedResult, TaskRecord)
}
