import Gateway
import GRDB
import VideoJobs

/// The table `task_totals`: how many tasks of each model, client and state there are, and their prices, for
/// monitoring.
///
/// Kept beside the tasks, in the transactions that change them, because counting a million tasks takes a
/// second. Limits and budgets never use it: they are sums over the tasks.
enum TaskTotalsTable {
    /// Migration 24.
    static let migration = [
        """
        CREATE TABLE task_totals (
            model TEXT NOT NULL,
            client TEXT NOT NULL,
            state TEXT NOT NULL,
            tasks INTEGER NOT NULL,
            videos INTEGER NOT NULL,
            reserved INTEGER NOT NULL,
            spent INTEGER NOT NULL,
            held INTEGER NOT NULL,
            PRIMARY KEY (model, client, state)
        ) STRICT, WITHOUT ROWID
        """,
        """
        INSERT INTO task_totals
        SELECT model, client, state, count(*), \(videos), \(sum("reserved")), \(sum("spent")),
            \(sum("held")) + sum(earlier_price)
        FROM tasks GROUP BY 1, 2, 3
        """,
    ]

    static let change = """
        INSERT INTO task_totals (model, client, state, tasks, videos, reserved, spent, held)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (model, client, state) DO UPDATE SET
            tasks = tasks + excluded.tasks, videos = videos + excluded.videos,
            reserved = reserved + excluded.reserved, spent = spent + excluded.spent,
            held = held + excluded.held
        """

    private static let videos = "sum(CASE WHEN price_state = 'spent' AND price IS NOT NULL THEN 1 ELSE 0 END)"

    private static func sum(_ state: String) -> String {
        "sum(CASE WHEN price_state = '\(state)' AND price IS NOT NULL THEN price ELSE 0 END)"
    }

    /// Only the first of uncertain tasks are looked at: they are settled by hand, so there are few.
    private static let oldestUncertain = """
        SELECT min(updated) FROM (SELECT updated FROM tasks INDEXED BY tasks_uncertain
            WHERE \(StoreSchema.isUncertain) ORDER BY sequence LIMIT 1000)
        """

    /// Adds the changes of a transaction, each group once.
    static func add(_ changes: [CommittedChange], in transaction: WriteTransaction) throws {
        var deltas: [TaskTotals.Group: UsageSum] = [:]
        // A change that is found late was added in its own transaction.
        for change in changes where !change.isFoundLate {
            deltas[TaskTotals.Group(change.record), default: UsageSum()] += UsageSum(change.record)
            guard let before = change.before else { continue }
            deltas[TaskTotals.Group(before), default: UsageSum()] -= UsageSum(before)
        }
        for (group, delta) in deltas where delta.hasTotals {
            try transaction.run(.changeTotals) { values in
                values.append(group.model)
                values.append(group.client)
                values.append(group.state.rawValue)
                for number in [
                    Int64(delta.jobs), Int64(delta.videos), delta.reserved, delta.spent, delta.held,
                ] {
                    values.append(number)
                }
            }
        }
    }

    static func totals(in db: Database) throws -> TaskTotals {
        let rows = try Row.fetchCursor(
            try db.cachedStatement(
                sql: """
                    SELECT model, client, state, tasks, videos, reserved, spent, held FROM task_totals
                    WHERE tasks > 0
                    """))
        var totals = TaskTotals()
        while let row = try rows.next() {
            guard let state = TaskState(rawValue: try row.decode(atIndex: 2)) else { continue }
            let group = TaskTotals.Group(
                model: try row.decode(atIndex: 0), client: try row.decode(atIndex: 1), state: state)
            totals.sums[group] = UsageSum(
                jobs: try row.decode(atIndex: 3), videos: try row.decode(atIndex: 4),
                reserved: try row.decode(atIndex: 5), spent: try row.decode(atIndex: 6),
                held: try row.decode(atIndex: 7))
        }
        let oldest = try Int64.fetchOne(try db.cachedStatement(sql: oldestUncertain))
        totals.oldestUncertain = oldest.map { Timestamp(milliseconds: $0) }
        return totals
    }
}

extension UsageSum {
    /// Whether it changes the table.
    fileprivate var hasTotals: Bool {
        jobs != 0 || videos != 0 || reserved != 0 || spent != 0 || held != 0
    }
}
