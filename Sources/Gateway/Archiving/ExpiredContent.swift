package import VideoJobs

/// What is known of a video that retention removed.
package struct ExpiredContent: Equatable, Sendable {
    package let result: ArchivedResult
    /// `nil` if the task's history cannot be read.
    package let archived: Timestamp?
    package let removed: Timestamp?

    init(result: ArchivedResult, history: [TaskEventRecord]) {
        self.result = result
        archived = history.first { $0.name == "completed" }?.at
        removed = history.last { $0.name == "content_removed" }?.at
    }
}
