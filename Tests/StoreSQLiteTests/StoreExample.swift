import Gateway
import VideoJobs

/// Tasks for the tests of the SQLite store.
enum StoreExample {
    static let created = Timestamp(milliseconds: 1_757_165_031_123)

    static func admission(_ number: Int, bytes: Int = 600) -> NewTask {
        let job = VideoJob(model: "m", payload: [UInt8](repeating: 7, count: bytes))
        let record = TaskRecord(
            id: TaskID("task-rg-1757165031-\(number)"), job: job, client: "open", created: created)
        return NewTask(record: record, payload: job.payload)
    }

    static func cancellation(of record: TaskRecord) -> TaskChange {
        var next = record
        next.state = .cancelled
        next.version += 1
        let event = TaskEventRecord(number: next.version, at: created, name: "cancelled")
        return TaskChange(from: record, to: next, event: event)
    }
}
