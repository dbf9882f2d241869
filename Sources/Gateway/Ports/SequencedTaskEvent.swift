package import VideoJobs

/// An event of any task at its position in the store's global event sequence.
package struct SequencedTaskEvent: Equatable, Sendable {
    /// Greater than that of every event before it; never used again, whatever is deleted.
    package var sequence: Int64
    package var taskID: TaskID
    package var event: TaskEventRecord
    /// The task right after the event, as `TaskRecord.snapshot(after:)` returns it. `nil` for events of
    /// earlier versions, and for all but the last event of one transaction, which no client could see.
    package var snapshot: TaskRecord?

    package init(sequence: Int64, taskID: TaskID, event: TaskEventRecord, snapshot: TaskRecord?) {
        self.sequence = sequence
        self.taskID = taskID
        self.event = event
        self.snapshot = snapshot
    }
}

extension TaskRecord {
    /// Returns the record with what clients see of it and nothing else: no result links, no work schedule.
    package func snapshot(after event: TaskEventRecord) -> TaskRecord {
        var snapshot = self
        snapshot.version = event.number
        snapshot.updated = event.at
        snapshot.links = []
        snapshot.archiveFailures = 0
        snapshot.graceDeadline = nil
        snapshot.accepted = nil
        snapshot.completed = nil
        snapshot.resubmitted = nil
        snapshot.earlierSubmitted = nil
        return snapshot
    }
}
