import Gateway
import GRDB
import VideoJobs

/// Sums over the tasks, for reports. Sums by client and day read an index only.
enum UsageReads {
    static func usage(_ query: UsageQuery, in db: Database) throws -> [String: UsageSum] {
        let (sql, arguments) = statement(query)
        let rows = try Row.fetchCursor(
            try db.cachedStatement(sql: sql), arguments: StatementArguments(arguments))
        var sums: [String: UsageSum] = [:]
        while let row = try rows.next() {
            let name = try name(row, query.grouping)
            sums[name] = UsageSum(
                jobs: try row.decode(atIndex: 1), videos: try row.decode(atIndex: 2),
                reserved: try row.decode(atIndex: 3), spent: try row.decode(atIndex: 4),
                held: try row.decode(atIndex: 5))
        }
        try moveResubmissions(query, in: &sums, db)
        try addReviews(query, to: &sums, in: db)
        return sums
    }

    /// Moves what resubmitted tasks cost from the times of their admission to those of their submissions.
    private static func moveResubmissions(
        _ query: UsageQuery, in sums: inout [String: UsageSum], _ db: Database
    ) throws {
        let rows = try Row.fetchCursor(
            try db.cachedStatement(sql: resubmitted),
            arguments: [query.since.milliseconds, query.client])
        while let row = try rows.next() {
            let record = try StoredRow(row: row).record()
            if record.created >= query.since {
                sums[query.grouping.name(of: record, at: record.created), default: UsageSum()] -=
                    UsageSum(record)
            }
            for part in UsageSum.parts(of: record) where part.at >= query.since {
                sums[query.grouping.name(of: record, at: part.at), default: UsageSum()] += part.sum
            }
        }
    }

    /// Adds the counts of reviews, which have an index of their own.
    private static func addReviews(
        _ query: UsageQuery, to sums: inout [String: UsageSum], in db: Database
    ) throws {
        let (sql, arguments) = reviews(query)
        let rows = try Row.fetchCursor(
            try db.cachedStatement(sql: sql), arguments: StatementArguments(arguments))
        while let row = try rows.next() {
            let name = try name(row, query.grouping)
            sums[name, default: UsageSum()].accepted = try row.decode(atIndex: 1)
            sums[name, default: UsageSum()].rejected = try row.decode(atIndex: 2)
        }
    }

    /// Returns the first column of a row as the name of a sum.
    private static func name(_ row: Row, _ grouping: UsageGrouping) throws -> String {
        switch grouping {
        case .client, .model: try row.decode(atIndex: 0)
        case .day: "\(UTCDate(of: Timestamp(milliseconds: try row.decode(atIndex: 0))))"
        }
    }

    static func openTasks(_ db: Database) throws -> [String: Int] {
        let rows = try Row.fetchCursor(try db.cachedStatement(sql: openTasks))
        var counts: [String: Int] = [:]
        while let row = try rows.next() {
            counts[try row.decode(String.self, atIndex: 0)] = try row.decode(Int.self, atIndex: 1)
        }
        return counts
    }

    static func statement(_ query: UsageQuery) -> (sql: String, arguments: [any DatabaseValueConvertible]) {
        let clients = query.client == nil ? allClients : "clients (name) AS (VALUES (?))"
        let sql = """
            WITH RECURSIVE \(clients)
            SELECT \(group(query.grouping)), count(*), \(count("spent")), \(sum("reserved")), \(sum("spent")),
                \(sum("held")) + sum(earlier_price)
            FROM clients CROSS JOIN tasks INDEXED BY tasks_by_price
            WHERE client = name AND created >= ? GROUP BY 1
            """
        return (sql, (query.client.map { [$0] } ?? []) + [query.since.milliseconds])
    }

    static func reviews(_ query: UsageQuery) -> (sql: String, arguments: [any DatabaseValueConvertible]) {
        let client = query.client == nil ? "" : "AND client = ?"
        let sql = """
            SELECT \(group(query.grouping)), sum(CASE review WHEN 'accepted' THEN 1 ELSE 0 END),
                sum(CASE review WHEN 'rejected' THEN 1 ELSE 0 END)
            FROM tasks INDEXED BY tasks_reviewed
            WHERE review IS NOT NULL AND created >= ? \(client) GROUP BY 1
            """
        return (sql, [query.since.milliseconds] + (query.client.map { [$0] } ?? []))
    }

    /// Rare: an operator resubmits a task by hand.
    static let resubmitted = """
        SELECT \(TaskColumn.list) FROM tasks INDEXED BY tasks_resubmitted
        WHERE \(ResubmissionMigration.isResubmitted) AND resubmitted >= ?1
            AND (?2 IS NULL OR client = ?2)
        """

    private static func group(_ grouping: UsageGrouping) -> String {
        switch grouping {
        case .client: "client"
        case .model: "model"
        case .day: "created - created % 86400000"
        }
    }

    /// Migration 14: reviewed tasks by time.
    static let migration =
        "CREATE INDEX tasks_reviewed ON tasks (created, client, review) WHERE review IS NOT NULL"

    /// The names of all clients with tasks, each found in the index by the one before.
    private static let allClients = """
        clients (name) AS (
            SELECT min(client) FROM tasks
            UNION ALL
            SELECT (SELECT min(client) FROM tasks WHERE client > name) FROM clients WHERE name IS NOT NULL)
        """

    private static func count(_ state: String) -> String {
        "sum(CASE WHEN price_state = '\(state)' AND price IS NOT NULL THEN 1 ELSE 0 END)"
    }

    private static func sum(_ state: String) -> String {
        "sum(CASE WHEN price_state = '\(state)' AND price IS NOT NULL THEN price ELSE 0 END)"
    }

    private static let openTasks = """
        SELECT client, count(*) FROM tasks INDEXED BY tasks_open_by_client
        WHERE \(PriceMigration.isOpen) GROUP BY client
        """
}
