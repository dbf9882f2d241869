import Gateway
import GRDB
import VideoJobs

/// The table `audit`: who did what, in the order of the transactions. Only ever appended to.
///
/// A job writes one row with its admission, so the table has no index: a listing reads a bounded window of
/// rows from its newest one (`AuditReads`).
enum AuditTable {
    static let migration = [
        """
        CREATE TABLE audit (
            sequence INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            actor TEXT NOT NULL,
            request_id TEXT,
            action TEXT NOT NULL,
            decision TEXT NOT NULL,
            client TEXT,
            task INTEGER REFERENCES tasks (sequence),
            price INTEGER,
            detail TEXT,
            prompt TEXT
        ) STRICT
        """,
        appendOnly("UPDATE"), appendOnly("DELETE"),
    ]

    private static let columns =
        "at, actor, request_id, action, decision, client, task, price, detail, prompt"

    static let insertion = "INSERT INTO audit (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

    /// Appends a record without a task to a store that no gateway uses.
    static func append(_ record: AuditRecord, in db: Database) throws {
        try db.execute(
            sql: "INSERT INTO audit (at, actor, action, decision, detail) VALUES (?, ?, ?, ?, ?)",
            arguments: [
                record.at.milliseconds, record.actor.withoutNUL, record.action.rawValue,
                record.decision.text,
                record.detail.map { String($0.prefix(AuditRecord.detailMax)).withoutNUL },
            ])
    }

    /// The records in a window of sequences. `filter` is a condition that `AuditReads` builds.
    static func page(where filter: String) -> String {
        """
        SELECT audit.sequence, audit.at, audit.actor, audit.request_id, audit.action, audit.decision,
            audit.client, tasks.id, audit.price, audit.detail, audit.prompt
        FROM audit LEFT JOIN tasks ON tasks.sequence = audit.task
        WHERE audit.sequence >= ? AND audit.sequence < ?\(filter) ORDER BY audit.sequence DESC LIMIT ?
        """
    }

    private static func appendOnly(_ statement: String) -> String {
        """
        CREATE TRIGGER audit_no_\(statement.lowercased()) BEFORE \(statement) ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END
        """
    }

    static let last = "SELECT max(sequence) FROM audit"

    /// Whether a window of sequences has a record since a time.
    static let hasRecent = """
        SELECT EXISTS (SELECT 1 FROM audit WHERE sequence >= ? AND sequence < ? AND at >= ?)
        """
}
