import Gateway
import VideoJobs

extension TaskChange {
    /// The change of a gateway that sends again a job whose sending had begun.
    static func queueAgain(_ record: TaskRecord) -> TaskChange {
        var again = record
        again.state = .queued
        again.version += 1
        let event = TaskEventRecord(number: again.version, at: again.updated, name: "forgotten")
        return TaskChange(from: record, to: again, event: event)
    }
}
