package import VideoJobs

/// The outcome of a look-up of archived content.
package enum ContentAvailability: Sendable {
    case notFound
    case notReady(TaskRecord)
    /// Retention removed the content.
    case expired(ExpiredContent)
    /// The content should be in the archive but cannot be read now.
    case unavailable(message: String, retryAfterSeconds: Int)
    case found(ArchivedContent, ArchivedResult, TaskRecord)
}
