import Foundation
import Gateway
import GRDB
import VideoJobs

/// Reads that follow what happens in the store: events and outbox rows. Each is one statement.
enum FeedReads {
    private static let pageMax = 1_000

    static func history(of id: TaskID, in db: Database) throws -> [TaskEventRecord] {
        let statement = try db.cachedStatement(sql: EventTable.history)
        let rows = try Row.fetchCursor(statement, arguments: [id.text])
        return try Array(rows.map { try event($0, at: 0) })
    }

    static func events(after sequence: Int64, limit: Int, in db: Database) throws -> [SequencedTaskEvent] {
        try events(EventTable.page, [sequence, bounded(limit)], in: db)
    }

    static func events(
        of id: TaskID, after number: Int, limit: Int, in db: Database
    ) throws -> [SequencedTaskEvent] {
        try events(EventTable.taskPage, [id.text, number, bounded(limit)], in: db)
    }

    /// Returns the sequence of the newest event.
    static func lastEvent(in db: Database) throws -> Int64 {
        try Int64.fetchOne(try db.cachedStatement(sql: EventTable.last)) ?? 0
    }

    private static func events(
        _ query: String, _ arguments: StatementArguments, in db: Database
    ) throws -> [SequencedTaskEvent] {
        let rows = try Row.fetchCursor(try db.cachedStatement(sql: query), arguments: arguments)
        return try Array(
            rows.map { row in
                let state: String? = try row.decode(atIndex: EventTable.pageOffset - 1)
                let snapshot = StoredRow(row: row, offset: EventTable.pageOffset)
                return SequencedTaskEvent(
                    sequence: try row.decode(atIndex: 0), taskID: TaskID(try row.decode(atIndex: 1)),
                    event: try event(row, at: 2), snapshot: state == nil ? nil : try snapshot.record())
            })
    }

    /// Returns the last change after the given sequence of each task.
    static func changes(after sequence: Int64, in db: Database) throws -> [CommittedChange] {
        let rows = try Row.fetchCursor(db, sql: EventTable.latest, arguments: [sequence])
        return try Array(
            rows.map { row in
                CommittedChange(
                    sequence: try row.decode(atIndex: 0), record: try StoredRow(row: row, offset: 1).record(),
                    isFoundLate: true)
            })
    }

    static func outbox(kind: String, after id: Int64, limit: Int, in db: Database) throws -> [OutboxRow] {
        let statement = try db.cachedStatement(sql: OutboxTable.page)
        let rows = try Row.fetchCursor(statement, arguments: [kind, id, bounded(limit)])
        return try Array(
            rows.map { row in
                OutboxRow(
                    id: try row.decode(atIndex: 0), taskID: TaskID(try row.decode(atIndex: 1)),
                    created: Timestamp(milliseconds: try row.decode(atIndex: 2)),
                    message: OutboxMessage(kind: kind, payload: Array(try row.decode(Data.self, atIndex: 3))))
            })
    }

    private static func event(_ row: Row, at index: Int) throws -> TaskEventRecord {
        TaskEventRecord(
            number: try row.decode(atIndex: index),
            at: Timestamp(milliseconds: try row.decode(atIndex: index + 1)),
            name: try row.decode(atIndex: index + 2), detail: try row.decode(atIndex: index + 3))
    }

    private static func bounded(_ limit: Int) -> Int { min(max(limit, 1), pageMax) }
}
