/// The table `outbox`: messages stored with a change of a task, until the service that sends them removes
/// them.
enum OutboxTable {
    /// Migration 6.
    static let migration = [
        """
        CREATE TABLE outbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            task INTEGER NOT NULL REFERENCES tasks (sequence),
            created INTEGER NOT NULL,
            payload BLOB NOT NULL
        ) STRICT
        """,
        "CREATE INDEX outbox_by_kind ON outbox (kind)",
    ]

    static let insertion = "INSERT INTO outbox (kind, task, created, payload) VALUES (?, ?, ?, ?)"

    static let page = """
        SELECT outbox.id, tasks.id, outbox.created, payload
        FROM outbox JOIN tasks ON tasks.sequence = outbox.task
        WHERE kind = ? AND outbox.id > ? ORDER BY outbox.id LIMIT ?
        """

    static let removal = "DELETE FROM outbox WHERE id = ?"

    /// An upper bound of the number of rows, without counting them.
    static let size = "SELECT (SELECT max(id) FROM outbox) - (SELECT min(id) FROM outbox) + 1"
}
