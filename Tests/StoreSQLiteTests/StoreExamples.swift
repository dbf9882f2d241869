import Gateway
import GRDB
import StoreSQLite
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

/// The case of a failure, without its words.
enum FailureKind: Equatable { case none, locked, readOnly, full, newer, damaged, unavailable, oneTask }

/// What an operation on a store fails with.
func kind(_ body: () async throws(StoreError) -> Void) async -> FailureKind {
    do throws(StoreError) {
        try await body()
        return .none
    } catch {
        return switch error {
        case .locked: .locked
        case .readOnly: .readOnly
        case .full: .full
        case .newer: .newer
        case .damaged: .damaged
        case .unavailable: .unavailable
        case .oneTask: .oneTask
        }
    }
}

/// The words of the failure with which a store does not open.
func refusal(of path: String) -> StoreError? {
    do throws(StoreError) {
        _ = try SQLiteTaskStore.open(path: path)
        return nil
    } catch {
        return error
    }
}

/// Changes a store's file from outside while no store has it open.
func edit(_ path: String, _ sql: String) throws {
    let database = try DatabaseQueue(path: path)
    try database.writeWithoutTransaction { try $0.execute(sql: sql) }
    try database.close()
}
