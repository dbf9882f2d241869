package import VideoJobs

/// A durable change of a task at its position in the store's event sequence.
package struct CommittedChange: Equatable, Sendable {
    /// The sequence of the change's last event.
    package var sequence: Int64
    /// The task right after the change.
    package var record: TaskRecord
    /// The record that it replaced; `nil` for a new task, and for a change that was found late.
    package var before: TaskRecord?
    /// Whether the call that made it failed, although the change is durable: a disk or a network can lose
    /// the reply only. Of several such changes of one task only the last one is delivered.
    package var isFoundLate: Bool

    package init(
        sequence: Int64, record: TaskRecord, before: TaskRecord? = nil, isFoundLate: Bool = false
    ) {
        self.sequence = sequence
        self.record = record
        self.before = before
        self.isFoundLate = isFoundLate
    }
}
