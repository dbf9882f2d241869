import Gateway
import GRDB
import VideoJobs

/// What limits count, as sums and counts over the tasks. Reads indices only.
struct StoredUsage: AdmissionUsage {
    let db: Database

    /// Price and state as in `TaskRecord.consumption`.
    private static let consumed =
        "coalesce(sum(earlier_price + CASE price_state WHEN 'freed' THEN 0 ELSE price END), 0)"

    static let consumptionOfClient = """
        SELECT \(consumed) FROM tasks INDEXED BY tasks_by_price
        WHERE client = ? AND created >= ? AND price IS NOT NULL
        """

    /// One range of the index for each client that has tasks.
    static let consumptionOfAll = """
        WITH RECURSIVE clients (name) AS (
            SELECT min(client) FROM tasks
            UNION ALL
            SELECT (SELECT min(client) FROM tasks WHERE client > name) FROM clients WHERE name IS NOT NULL)
        SELECT \(consumed) FROM clients CROSS JOIN tasks INDEXED BY tasks_by_price
        WHERE client = name AND created >= ? AND price IS NOT NULL
        """

    static let openTasks = """
        SELECT count(*) FROM (SELECT 1 FROM tasks INDEXED BY tasks_open_by_client
            WHERE client = ? AND (\(PriceMigration.isOpen)) LIMIT ?)
        """

    static let jobs = """
        SELECT count(*) FROM (SELECT 1 FROM tasks INDEXED BY tasks_by_price
            WHERE client = ? AND created >= ? LIMIT ?)
        """

    func consumption(of client: String?, since: Timestamp) throws -> Int64 {
        guard let client else { return try number(Self.consumptionOfAll, [since.milliseconds]) }
        return try number(Self.consumptionOfClient, [client, since.milliseconds])
    }

    func openTasks(of client: String, atMost limit: Int) throws -> Int {
        Int(try number(Self.openTasks, [client, limit]))
    }

    func jobs(of client: String, since: Timestamp, atMost limit: Int) throws -> Int {
        Int(try number(Self.jobs, [client, since.milliseconds, limit]))
    }

    private func number(_ sql: String, _ arguments: StatementArguments) throws -> Int64 {
        try Int64.fetchOne(db.cachedStatement(sql: sql), arguments: arguments) ?? 0
    }
}
