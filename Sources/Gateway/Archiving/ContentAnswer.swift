package import VideoJobs

/// The outcome of looking for one archived result of a task.
package enum ContentAnswer: Sendable {
    case notFound
    case notReady(TaskRecord)
    /// Retention removed it.
    case expired(TaskRecord)
    /// It should be in the archive and is not available now.
    case unavailable(message: String, retryAfterSeconds: Int)
    case found(ArchivedContent, ArchivedResult, TaskRecord)
}
