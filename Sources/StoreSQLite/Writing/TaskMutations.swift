import CrashPoints
import Foundation
import Gateway
import GRDB
import VideoJobs

/// Writes of tasks, inside the writer's transaction.
enum TaskMutations {
    /// GRDB binds text up to its first NUL: two such names could become one.
    static func checkNames(in admission: NewTask) throws(StoreError) {
        let record = admission.record
        let claim = admission.claim
        let names = [
            record.id.text, record.model, record.client, claim?.client, claim?.key, claim?.fingerprint,
        ]
        guard !names.contains(where: { $0?.utf8.contains(0) ?? false }) else {
            throw .oneTask("a name with a NUL byte cannot be stored")
        }
    }

    static func admit(_ admission: NewTask, in db: Database) throws -> AdmissionOutcome {
        if let claim = admission.claim, let earlier = try earlierTask(for: claim, of: admission, in: db) {
            return earlier
        }
        let record = admission.record
        try insertTask(record, in: db)
        let sequence = db.lastInsertedRowID
        try db.cachedStatement(sql: "INSERT INTO payloads (task, body) VALUES (?, ?)")
            .execute(arguments: [sequence, Data(admission.payload)])
        try insert(admission.events, of: sequence, in: db)
        try OutboxMutations.insert(admission.outbox, of: record.id, at: record.created, in: db)
        if let claim = admission.claim { try insert(claim, for: (sequence, record), in: db) }
        reached(.admissionWritten)
        return .admitted
    }

    /// Compare-and-set on version and state.
    static func save(_ change: TaskChange, in db: Database) throws -> Bool {
        let record = change.record
        let update = TaskUpdate.from(change.before, to: record)
        var arguments = update.columns.map { $0.value(of: record) }
        arguments += [record.id.text, record.version - 1, change.before.state.rawValue]
        try db.cachedStatement(sql: update.sql).execute(arguments: StatementArguments(arguments))
        guard db.changesCount == 1 else { return false }
        let event = change.event
        try insert(event, into: EventTable.insertion, of: record.id.text, in: db)
        try OutboxMutations.insert(change.outbox, of: record.id, at: event.at, in: db)
        return true
    }

    /// Writes a number in the file's header, which changes no task.
    static func writeProbe(_ db: Database) throws {
        let number = try Int32.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        try db.execute(sql: "PRAGMA user_version = \(number &+ 1)")
    }

    private static let insertion =
        "INSERT INTO tasks (\(TaskColumn.list)) VALUES (\(TaskColumn.placeholders))"

    /// Appends the events of a new task. The row of the task is as the last of them left it.
    private static func insert(_ events: [TaskEventRecord], of task: Int64, in db: Database) throws {
        for event in events.dropLast() {
            try insert(event, into: EventTable.insertionWithoutSnapshot, of: task, in: db)
        }
        if let last = events.last {
            try insert(last, into: EventTable.insertionOfNew, of: task, in: db)
        }
    }

    private static func insert(
        _ event: TaskEventRecord, into sql: String, of task: any DatabaseValueConvertible, in db: Database
    ) throws {
        try db.cachedStatement(sql: sql).execute(arguments: [
            event.number, event.at.milliseconds, event.name, event.detail?.withoutNUL, task,
        ])
    }

    /// Returns the outcome if an earlier job has the same key.
    private static func earlierTask(
        for claim: IdempotencyClaim, of admission: NewTask, in db: Database
    ) throws -> AdmissionOutcome? {
        let statement = try db.cachedStatement(
            sql: "SELECT fingerprint, task FROM idempotency WHERE client = ? AND key = ?")
        guard let row = try Row.fetchOne(statement, arguments: [claim.client, claim.key]) else { return nil }
        let fingerprint = try row.decode(String.self, atIndex: 0)
        let sequence = try row.decode(Int64.self, atIndex: 1)
        let task = try db.cachedStatement(sql: "SELECT \(TaskColumn.list) FROM tasks WHERE sequence = ?")
        guard let found = try Row.fetchOne(task, arguments: [sequence]) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an idempotency key without a task")
        }
        let record = try StoredRow(row: found).record()
        let isSame = try admission.isSameJob(asStored: fingerprint, model: record.model) {
            let body = try db.cachedStatement(sql: "SELECT body FROM payloads WHERE task = ?")
            return try Data.fetchOne(body, arguments: [sequence]).map { [UInt8]($0) }
        }
        return isSame ? .replayed(record) : .keyReused
    }

    private static func insertTask(_ record: TaskRecord, in db: Database) throws {
        let values = TaskColumn.allCases.map { $0.value(of: record) }
        try db.cachedStatement(sql: insertion).execute(arguments: StatementArguments(values))
    }

    private static func insert(
        _ claim: IdempotencyClaim, for task: (sequence: Int64, record: TaskRecord), in db: Database
    ) throws {
        try db.cachedStatement(
            sql: "INSERT INTO idempotency (client, key, fingerprint, task, created) VALUES (?, ?, ?, ?, ?)"
        )
        .execute(arguments: [
            claim.client, claim.key, claim.fingerprint, task.sequence, task.record.created.milliseconds,
        ])
    }
}
