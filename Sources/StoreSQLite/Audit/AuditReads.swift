import Gateway
import GRDB
import VideoJobs

/// Reads of the audit.
///
/// A page reads at most `windowMax` rows, so that it never occupies a connection for long, whatever its
/// filters find. Rows are in the order of writing, and a clock may jump: a listing since a time ends with the
/// first whole window of older rows.
enum AuditReads {
    static let windowMax: Int64 = 50_000

    /// - Parameter windowMax: the most rows to read.
    static func page(
        _ query: AuditQuery, in db: Database, windowMax: Int64 = windowMax
    ) throws -> AuditPage {
        let limit = min(max(query.limit, AuditQuery.limits.lowerBound), AuditQuery.limits.upperBound)
        let last = try Int64.fetchOne(try db.cachedStatement(sql: AuditTable.last)) ?? 0
        let end = min(query.before ?? .max, last + 1)
        let begin = max(1, end - windowMax)
        let (sql, arguments) = statement(query, begin..<max(begin, end), limit: limit + 1)
        // One more than the limit shows whether there are more.
        let found = try Array(
            Row.fetchCursor(try db.cachedStatement(sql: sql), arguments: StatementArguments(arguments))
                .map { try entry($0) })
        if found.count > limit {
            return AuditPage(entries: Array(found.prefix(limit)), next: found[limit - 1].sequence)
        }
        let hasMore = try begin > 1 && mayContinue(query, after: begin..<end, in: db)
        return AuditPage(entries: found, next: hasMore ? begin : nil)
    }

    private static func statement(
        _ query: AuditQuery, _ window: Range<Int64>, limit: Int
    ) -> (sql: String, arguments: [(any DatabaseValueConvertible)?]) {
        var filter = ""
        var arguments: [(any DatabaseValueConvertible)?] = [window.lowerBound, window.upperBound]
        if let since = query.since {
            filter += " AND audit.at >= ?"
            arguments.append(since.milliseconds)
        }
        if let client = query.client {
            filter += " AND (audit.client = ? OR audit.actor = ?)"
            arguments += [client, client]
        }
        return (AuditTable.page(where: filter), arguments + [limit])
    }

    private static func mayContinue(
        _ query: AuditQuery, after window: Range<Int64>, in db: Database
    ) throws -> Bool {
        guard let since = query.since else { return true }
        let statement = try db.cachedStatement(sql: AuditTable.hasRecent)
        return try Bool.fetchOne(
            statement, arguments: [window.lowerBound, window.upperBound, since.milliseconds]) ?? false
    }

    private static func entry(_ row: Row) throws -> AuditPage.Entry {
        guard let action = AuditAction(rawValue: try row.decode(atIndex: 4)) else {
            throw DatabaseError(
                resultCode: .SQLITE_CORRUPT, message: "the table audit has an unknown action")
        }
        var record = AuditRecord(
            at: Timestamp(milliseconds: try row.decode(atIndex: 1)), actor: try row.decode(atIndex: 2),
            requestID: try row.decode(atIndex: 3), action,
            AuditDecision(text: try row.decode(atIndex: 5)))
        record.client = try row.decode(atIndex: 6)
        record.taskID = (try row.decode(String?.self, atIndex: 7)).map { TaskID($0) }
        record.price = try row.decode(atIndex: 8)
        record.detail = try row.decode(atIndex: 9)
        record.prompt = try row.decode(atIndex: 10)
        return AuditPage.Entry(sequence: try row.decode(atIndex: 0), record: record)
    }
}
