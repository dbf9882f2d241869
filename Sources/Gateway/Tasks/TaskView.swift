package import VideoJobs

/// A record with what belongs to the moment.
package struct TaskView<StatusAnswer: Sendable>: Sendable {
    package var record: TaskRecord
    /// `nil` unless queued.
    package var standing: QueueStanding?
    package var answer: StatusAnswer
}
