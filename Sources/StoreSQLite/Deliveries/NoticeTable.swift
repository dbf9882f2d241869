/// The table `notices`, of messages for people. It contains no URL.
enum NoticeTable {
    /// Migration 20.
    static let migration = [
        """
        CREATE TABLE notices (
            number INTEGER PRIMARY KEY,
            task INTEGER REFERENCES tasks (sequence),
            event TEXT NOT NULL,
            receiver TEXT NOT NULL,
            template TEXT NOT NULL,
            media_type TEXT NOT NULL,
            title TEXT,
            created INTEGER NOT NULL,
            body BLOB NOT NULL,
            state TEXT NOT NULL,
            failures INTEGER NOT NULL,
            next INTEGER,
            attempts TEXT
        ) STRICT
        """,
        "CREATE INDEX notices_pending ON notices (next, receiver) WHERE next IS NOT NULL",
        "CREATE INDEX notices_of_task ON notices (task) WHERE task IS NOT NULL",
    ]

    /// Migration 21: what was reported about what concerns no task.
    static let marksMigration = [
        """
        CREATE TABLE notice_marks (
            subject TEXT PRIMARY KEY,
            period INTEGER NOT NULL,
            level INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """
    ]

    static let marks = "SELECT subject, period, level FROM notice_marks"
    static let setMark = "INSERT OR REPLACE INTO notice_marks (subject, period, level) VALUES (?, ?, ?)"
    static let removeMark = "DELETE FROM notice_marks WHERE subject = ?"

    static let insertion = """
        INSERT INTO notices (task, event, receiver, template, media_type, title, created, body, state,
            failures, next)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    static let update = """
        UPDATE notices SET state = ?, failures = ?, next = ?, attempts = ? WHERE number = ?
        """

    /// Removes some of the oldest notices, if they have ended before a time. Looks at few rows.
    static let removal = """
        DELETE FROM notices WHERE number < (SELECT min(number) FROM notices) + 20 AND next IS NULL
            AND created < ?
        """

    private static let columns = """
        number, event, receiver, template, media_type, title, notices.created, body, notices.state, failures,
            next, notices.attempts
        """

    static let one = "SELECT \(columns) FROM notices WHERE number = ?"

    static let ofTask = """
        SELECT \(columns) FROM tasks JOIN notices ON notices.task = tasks.sequence
        WHERE tasks.id = ? ORDER BY number DESC LIMIT ?
        """
}
