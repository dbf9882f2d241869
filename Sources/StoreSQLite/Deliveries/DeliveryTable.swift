import Gateway

/// The tables `callbacks`, of tasks that have one, and `deliveries`, of their webhooks.
enum DeliveryTable {
    /// Migration 17.
    static let migration = [
        """
        CREATE TABLE callbacks (
            task INTEGER PRIMARY KEY REFERENCES tasks (sequence),
            url TEXT NOT NULL,
            traceparent TEXT
        ) STRICT
        """,
        """
        CREATE TABLE deliveries (
            task INTEGER NOT NULL REFERENCES callbacks (task),
            version INTEGER NOT NULL,
            type TEXT NOT NULL,
            host TEXT NOT NULL,
            created INTEGER NOT NULL,
            body BLOB NOT NULL,
            state TEXT NOT NULL,
            failures INTEGER NOT NULL,
            next INTEGER,
            attempts TEXT,
            PRIMARY KEY (task, version)
        ) STRICT
        """,
        "CREATE INDEX deliveries_pending ON deliveries (next, host) WHERE next IS NOT NULL",
    ]

    // `traceparent` holds a `TaskTrace`, of earlier versions a `traceparent` alone.
    static let insertionOfCallback = "INSERT INTO callbacks (task, url, traceparent) VALUES (?, ?, ?)"

    static let callback = "SELECT url, traceparent FROM callbacks WHERE task = ?"

    static let insertion = """
        INSERT INTO deliveries (task, version, type, host, created, body, state, failures, next, attempts)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    static let update = """
        UPDATE deliveries SET state = ?, failures = ?, next = ?, attempts = ? WHERE task = ? AND version = ?
        """

    /// Webhooks and notices. Has two parameters for each host that can be busy.
    static func pending(excluding hosts: Int) -> String {
        let marks = Array(repeating: "?", count: hosts).joined(separator: ", ")
        return """
            SELECT tasks.id, deliveries.version, host, next
            FROM deliveries INDEXED BY deliveries_pending CROSS JOIN tasks ON tasks.sequence = deliveries.task
            WHERE next IS NOT NULL AND host NOT IN (\(marks))
            UNION ALL
            SELECT NULL, number, '\(NoticeTarget.host(ofReceiver: ""))' || receiver, next
            FROM notices INDEXED BY notices_pending
            WHERE next IS NOT NULL AND '\(NoticeTarget.host(ofReceiver: ""))' || receiver NOT IN (\(marks))
            ORDER BY next LIMIT ?
            """
    }

    /// One delivery, or with `-1` as its version the last ones of a task.
    static let ofTask = """
        SELECT tasks.id, deliveries.version, type, url, traceparent, deliveries.created, body,
            deliveries.state, failures, next, deliveries.attempts
        FROM tasks JOIN deliveries ON deliveries.task = tasks.sequence
            JOIN callbacks ON callbacks.task = deliveries.task
        WHERE tasks.id = ?1 AND (?2 < 0 OR deliveries.version = ?2)
        ORDER BY deliveries.version DESC LIMIT ?3
        """
}
