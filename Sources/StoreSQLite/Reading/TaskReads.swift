import Foundation
import Gateway
import GRDB
import VideoJobs

/// Reads of tasks. Each is one statement, so that it is consistent without a transaction.
enum TaskReads {
    private static let byID = "SELECT \(TaskColumn.list) FROM tasks WHERE id = ?"

    /// If two tasks had the same provider id, the newer one counts.
    private static let byProvider = """
        SELECT \(TaskColumn.list) FROM tasks WHERE provider_task_id = ? ORDER BY sequence DESC LIMIT 1
        """

    static func task(_ id: TaskID, in db: Database) throws -> TaskRecord? {
        try records(byID, [id.text], in: db).first
    }

    static func task(_ id: ProviderTaskID, in db: Database) throws -> TaskRecord? {
        try records(byProvider, [id.text.withoutNUL], in: db).first
    }

    static func payload(of id: TaskID, in db: Database) throws -> [UInt8]? {
        let statement = try db.cachedStatement(
            sql: "SELECT body FROM payloads WHERE task = (SELECT sequence FROM tasks WHERE id = ?)")
        return try Data.fetchOne(statement, arguments: [id.text]).map(Array.init)
    }

    static func page(_ query: TaskQuery, in db: Database) throws -> TaskPage {
        let limit = min(max(query.limit, 1), 100)
        // One more than the limit shows whether there are more.
        let listing = TaskListing(query, limit: limit + 1)
        let found = try records(listing.sql, listing.arguments, in: db)
        return TaskPage(tasks: Array(found.prefix(limit)), hasMore: found.count > limit)
    }

    static func tasksWithWork(after id: TaskID?, limit: Int, in db: Database) throws -> [TaskRecord] {
        try records(tasksWithWork(after: id), (id.map { [$0.text] } ?? []) + [limit], in: db)
    }

    static func completedDurations(limit: Int, in db: Database) throws -> [CompletedDuration] {
        let statement = try db.cachedStatement(sql: completedDurations)
        let rows = try Row.fetchCursor(statement, arguments: [limit])
        return try Array(
            rows.map { row in
                CompletedDuration(
                    model: try row.decode(atIndex: 0), resolution: try row.decode(atIndex: 1),
                    duration: .milliseconds(try row.decode(Int64.self, atIndex: 2)))
            })
    }

    /// Reads the whole file and throws if its structure is damaged. Takes seconds for a gigabyte.
    static func checkIntegrity(_ db: Database) throws {
        // The file, not what was read of it while it was damaged.
        try db.execute(sql: "PRAGMA shrink_memory")
        let message = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "no result"
        guard message == "ok" else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: message) }
    }

    /// Names the index: left alone, SQLite would take the one by state, and sort all that are open.
    static func tasksWithWork(after id: TaskID?) -> String {
        let start = id == nil ? "" : "AND sequence > (SELECT sequence FROM tasks WHERE id = ?)"
        return """
            SELECT \(TaskColumn.list) FROM tasks INDEXED BY tasks_with_work
            WHERE (\(StoreSchema.hasWork)) \(start) ORDER BY sequence LIMIT ?
            """
    }

    /// Counts tasks without a duration too, so that many of them cannot make it long.
    static let completedDurations = """
        SELECT model, resolution, completed - accepted FROM (
            SELECT sequence, model, resolution, completed, accepted
            FROM tasks INDEXED BY tasks_ended_by_status
            WHERE status = 'completed' ORDER BY sequence DESC LIMIT ?
        ) WHERE completed >= accepted ORDER BY sequence DESC
        """

    static func records(
        _ sql: String, _ arguments: [(any DatabaseValueConvertible)?], in db: Database
    ) throws -> [TaskRecord] {
        let statement = try db.cachedStatement(sql: sql)
        let rows = try Row.fetchCursor(statement, arguments: StatementArguments(arguments))
        return try Array(rows.map { try StoredRow(row: $0).record() })
    }
}
