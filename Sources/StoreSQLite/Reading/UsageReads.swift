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
            let name: String =
                switch query.grouping {
                case .client, .model: try row.decode(atIndex: 0)
                case .day: "\(UTCDate(of: Timestamp(milliseconds: try row.decode(atIndex: 0))))"
                }
            sums[name] = UsageSum(
                jobs: try row.decode(atIndex: 1), videos: try row.decode(atIndex: 2),
                reserved: try row.decode(atIndex: 3), spent: try row.decode(atIndex: 4),
                held: try row.decode(atIndex: 5))
        }
        return sums
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
        let group =
            switch query.grouping {
            case .client: "client"
            case .model: "model"
            case .day: "created - created % 86400000"
            }
        let clients = query.client == nil ? allClients : "clients (name) AS (VALUES (?))"
        let sql = """
            WITH RECURSIVE \(clients)
            SELECT \(group), count(*), \(count("spent")), \(sum("reserved")), \(sum("spent")),
                \(sum("held")) + sum(earlier_price)
            FROM clients CROSS JOIN tasks INDEXED BY tasks_by_price
            WHERE client = name AND created >= ? GROUP BY 1
            """
        return (sql, (query.client.map { [$0] } ?? []) + [query.since.milliseconds])
    }

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
