package import VideoJobs

/// A record with its current place in the queue.
package struct TaskView: Sendable {
    package var record: TaskRecord
    /// `nil` unless queued.
    package var queueStatus: QueueStatus?
}
