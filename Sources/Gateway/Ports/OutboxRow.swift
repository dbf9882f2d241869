package import VideoJobs

/// A message in the outbox.
package struct OutboxRow: Equatable, Sendable {
    /// Grows with every row; never used again.
    package var id: Int64
    package var taskID: TaskID
    /// The time of the change that caused it.
    package var created: Timestamp
    package var message: OutboxMessage

    package init(id: Int64, taskID: TaskID, created: Timestamp, message: OutboxMessage) {
        self.id = id
        self.taskID = taskID
        self.created = created
        self.message = message
    }
}
