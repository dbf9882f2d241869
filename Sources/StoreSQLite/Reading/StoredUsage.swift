import Gateway
import GRDB
import VideoJobs

/// What limits count, as sums and counts over the tasks. Reads indices only.
struct StoredUsage: AdmissionUsage {
    let db: Database

    /// Price and state as in `TaskRecord.consumption`, of tasks by the time of their admission.
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

    /// What the tasks that were admitted before a time take of it, because they were submitted again since.
    /// The times of a task never go back: admission, earlier submissions, last submission.
    static let consumptionOfResubmitted = """
        SELECT coalesce(sum(CASE price_state WHEN 'freed' THEN 0 ELSE price END
            + CASE WHEN earlier_submitted >= ?1 THEN earlier_price ELSE 0 END), 0)
        FROM tasks INDEXED BY tasks_resubmitted
        WHERE \(ResubmissionMigration.isResubmitted) AND resubmitted >= ?1 AND created < ?1
            AND price IS NOT NULL AND (?2 IS NULL OR client = ?2)
        """

    func consumption(of client: String?, since: Timestamp) throws -> Int64 {
        let start = since.milliseconds
        let resubmitted = try number(Self.consumptionOfResubmitted, [start, client])
        guard let client else { return try resubmitted + number(Self.consumptionOfAll, [start]) }
        return try resubmitted + number(Self.consumptionOfClient, [client, start])
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
