package import VideoJobs

/// One line of a task's append-only history. Its number is the record's version.
package struct TaskEventRecord: Equatable, Sendable {
    package var number: Int
    package var at: Timestamp
    /// The lifecycle event's name, as `TaskLifecycle` spells it.
    package var name: String
    /// Words for a person; no key, no link.
    package var detail: String?

    package init(number: Int, at: Timestamp, name: String, detail: String? = nil) {
        self.number = number
        self.at = at
        self.name = name
        self.detail = detail
    }

    /// Returns the first event of a task that was just admitted.
    package static func admitted(_ record: TaskRecord) -> TaskEventRecord {
        TaskEventRecord(number: record.version, at: record.created, name: "admitted")
    }
}
