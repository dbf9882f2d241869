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

    static func admit(_ admission: NewTask, in transaction: WriteTransaction) throws -> AdmissionOutcome {
        let db = transaction.db
        if let claim = admission.claim, let earlier = try earlierTask(for: claim, of: admission, in: db) {
            return earlier
        }
        guard !admission.onlyJoins else { return .nothingJoined }
        let record = admission.record
        let usage = StoredUsage(db: db)
        if let limit = try admission.limits.limit(exceededBy: record, in: usage) { return .limited(limit) }
        try transaction.run(.insertTask) { values in
            for column in TaskColumn.allCases { values.append(column, of: record) }
        }
        let row = db.lastInsertedRowID
        try transaction.run(.insertPayload) { values in
            values.append(row)
            values.append(admission.payload)
        }
        try insert(admission.events, of: record, in: row, transaction)
        try OutboxMutations.insert(admission.outbox, of: row, at: record.created, in: db)
        try DeliveryMutations.insert(admission.callback, of: row, in: db)
        if let claim = admission.claim { try insert(claim, of: record, in: row, transaction) }
        try AuditMutations.insert(admission.audit, ofTask: row, in: transaction)
        reached(.admissionWritten)
        transaction.add(record, after: nil)
        return .admitted(sequence: transaction.eventSequence)
    }

    /// Compare-and-set on version and state.
    static func save(_ change: TaskChange, in transaction: WriteTransaction) throws -> SaveOutcome {
        let record = change.record
        guard let row = try transaction.row(ofTask: record.id.text) else { return .outdated }
        if let limits = change.limits {
            let usage = StoredUsage(db: transaction.db)
            guard try isCurrent(change, in: row, transaction.db) else { return .outdated }
            let limit = try limits.limit(exceededBy: record, replacing: change.before, in: usage)
            if let limit { return .limited(limit) }
        }
        let update = transaction.prepared(TaskUpdate(from: change.before, to: record))
        let isSaved = try transaction.run(update) { values in
            for column in update.columns { values.append(column, of: record) }
            values.append(row)
            values.append(record.version - 1)
            values.append(change.before.state.rawValue)
        }
        guard isSaved else { return .outdated }
        try insert(change.event, of: record, in: row, transaction)
        try ResultSizes.learn(from: change, in: transaction.db)
        try OutboxMutations.insert(change.outbox, of: row, at: change.event.at, in: transaction.db)
        try DeliveryMutations.insert(change.delivery, of: row, change, in: transaction.db)
        try NoticeMutations.insert(change.notices, of: row, at: change.event.at, in: transaction.db)
        try AuditMutations.insert(change.audit, ofTask: row, in: transaction)
        transaction.add(record, after: change.before)
        return .saved(sequence: transaction.eventSequence)
    }

    /// Whether a row still is what a change was decided on.
    private static func isCurrent(_ change: TaskChange, in row: Int64, _ db: Database) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: "SELECT 1 FROM tasks WHERE sequence = ? AND version = ? AND state = ?")
        return try Bool.fetchOne(
            statement, arguments: [row, change.record.version - 1, change.before.state.rawValue]) ?? false
    }

    /// Writes a number in the file's header, which changes no task.
    static func writeProbe(_ db: Database) throws {
        let number = try Int32.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        try db.execute(sql: "PRAGMA user_version = \(number &+ 1)")
    }

    /// Appends the events of a new task. The record is as the last of them left it.
    private static func insert(
        _ events: [TaskEventRecord], of record: TaskRecord, in row: Int64, _ transaction: WriteTransaction
    ) throws {
        for event in events.dropLast() {
            try transaction.run(.insertEventWithoutSnapshot) { values in
                append(event, in: row, numbered: transaction.nextEvent(), to: &values)
            }
        }
        if let last = events.last { try insert(last, of: record, in: row, transaction) }
    }

    /// Appends an event with a snapshot of its task.
    private static func insert(
        _ event: TaskEventRecord, of record: TaskRecord, in row: Int64, _ transaction: WriteTransaction
    ) throws {
        try transaction.run(.insertEvent) { values in
            append(event, in: row, numbered: transaction.nextEvent(), to: &values)
            for column in EventTable.snapshotColumns { values.append(column, of: record) }
        }
    }

    private static func append(
        _ event: TaskEventRecord, in row: Int64, numbered sequence: Int64, to values: inout BoundValues
    ) {
        values.append(sequence)
        values.append(row)
        values.append(event.number)
        values.append(event.at.milliseconds)
        values.append(event.name)
        values.append(event.detail?.withoutNUL)
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

    private static func insert(
        _ claim: IdempotencyClaim, of record: TaskRecord, in row: Int64, _ transaction: WriteTransaction
    ) throws {
        try transaction.run(.insertClaim) { values in
            values.append(claim.client)
            values.append(claim.key)
            values.append(claim.fingerprint)
            values.append(row)
            values.append(record.created.milliseconds)
        }
    }
}
