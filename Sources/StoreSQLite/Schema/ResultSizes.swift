import Foundation
import Gateway
import GRDB
import VideoJobs

/// The table `result_sizes`: the largest result of each model and resolution, from which space is reserved.
///
/// Kept beside the tasks, because looking for it among all tasks takes a second for a million. It has as many
/// rows as there are kinds of completed tasks.
enum ResultSizes {
    /// Migration 22.
    static let migration = [
        """
        CREATE TABLE result_sizes (
            model TEXT NOT NULL,
            resolution TEXT NOT NULL,
            bytes INTEGER NOT NULL,
            PRIMARY KEY (model, resolution)
        ) STRICT, WITHOUT ROWID
        """,
        """
        INSERT INTO result_sizes
        SELECT model, coalesce(resolution, ''), max(json_extract(value, '$.bytes'))
        FROM (SELECT model, resolution, results FROM tasks
            WHERE state = 'completed' AND json_valid(results)) AS completed,
            json_each(completed.results)
        GROUP BY 1, 2
        """,
    ]

    private static let raise = """
        INSERT INTO result_sizes (model, resolution, bytes) VALUES (?, ?, ?)
        ON CONFLICT (model, resolution) DO UPDATE SET bytes = excluded.bytes WHERE excluded.bytes > bytes
        """

    /// Learns from the results of a change, if it brought some.
    static func learn(from change: TaskChange, in db: Database) throws {
        let record = change.record
        guard record.results.count > change.before.results.count,
            let bytes = record.results.map(\.bytes).max()
        else { return }
        let statement = try db.cachedStatement(sql: raise)
        let resolution = record.resolution?.withoutNUL ?? ""
        try statement.execute(arguments: [record.model, resolution, bytes])
    }

    static func largest(limit: Int, in db: Database) throws -> [ResultKind: Int64] {
        let statement = try db.cachedStatement(
            sql: "SELECT model, resolution, bytes FROM result_sizes ORDER BY bytes DESC LIMIT ?")
        let rows = try Row.fetchAll(statement, arguments: [limit])
        let pairs = try rows.map { row -> (ResultKind, Int64) in
            let resolution = try row.decode(String.self, atIndex: 1)
            let kind = ResultKind(
                model: try row.decode(atIndex: 0), resolution: resolution.isEmpty ? nil : resolution)
            return (kind, try row.decode(atIndex: 2))
        }
        return Dictionary(pairs, uniquingKeysWith: max)
    }
}
