/// Migration 8, which makes the writes of a job cheaper.
///
/// - For `x IN (…)` with more than two constants SQLite fills a temporary table in every execution of a
///   statement that checks it. Three checks and one index of `tasks` did so. An `OR` compares in place.
/// - The writer numbers events (`EventTable`), so the table needs no AUTOINCREMENT.
/// - Only tasks that have ended are indexed by status: an open one changes its status several times, and
///   `tasks_with_work` finds it.
enum WriteCostMigration {
    static let statements = eventNumbers + tasks + events

    private static let eventNumbers = [
        "ALTER TABLE store ADD COLUMN event_sequence INTEGER NOT NULL DEFAULT 0",
        """
        UPDATE store SET event_sequence = max(
            coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0),
            coalesce((SELECT max(sequence) FROM events), 0))
        """,
    ]

    private static let tasks = [
        """
        CREATE TABLE new_tasks (
            sequence INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            created INTEGER NOT NULL,
            model TEXT NOT NULL,
            client TEXT NOT NULL,
            estimated_seconds INTEGER,
            state TEXT NOT NULL CHECK (state = 'queued' OR state = 'sending' OR state = 'running'
                OR state = 'archiving' OR state = 'completed' OR state = 'failed'
                OR state = 'uncertain' OR state = 'cancelled'),
            status TEXT NOT NULL CHECK (\(anyStatus("status"))),
            version INTEGER NOT NULL CHECK (version > 0),
            updated INTEGER NOT NULL,
            progress INTEGER NOT NULL,
            provider_status TEXT NOT NULL CHECK (\(anyStatus("provider_status"))),
            provider_task_id TEXT,
            attempts INTEGER NOT NULL,
            archive_failures INTEGER NOT NULL,
            obstacle TEXT,
            links TEXT,
            results TEXT,
            content_expires INTEGER,
            content_removed INTEGER NOT NULL CHECK (content_removed IN (0, 1)),
            failure_code TEXT,
            failure_message TEXT,
            failure_status INTEGER,
            evidence TEXT,
            usage TEXT,
            late_until INTEGER,
            obstacle_message TEXT
        ) STRICT
        """,
        "INSERT INTO new_tasks (\(taskColumns)) SELECT \(taskColumns) FROM tasks",
        "DROP TABLE tasks",
        "ALTER TABLE new_tasks RENAME TO tasks",
        "CREATE INDEX tasks_by_provider ON tasks (provider_task_id) WHERE provider_task_id IS NOT NULL",
        "CREATE INDEX tasks_by_client ON tasks (client)",
        "CREATE INDEX tasks_by_model ON tasks (model)",
        "CREATE INDEX tasks_with_work ON tasks (sequence) WHERE \(hasWork)",
        "CREATE INDEX tasks_ended_by_status ON tasks (status) WHERE \(hasEnded)",
        "CREATE INDEX tasks_ended_by_client ON tasks (client, status) WHERE \(hasEnded)",
        "CREATE INDEX tasks_uncertain ON tasks (sequence) WHERE \(isUncertain)",
        "CREATE INDEX tasks_with_content ON tasks (sequence) WHERE \(StoreSchema.hasContent)",
    ]

    private static let events = [
        """
        CREATE TABLE new_events (
            sequence INTEGER PRIMARY KEY,
            task INTEGER NOT NULL REFERENCES tasks (sequence),
            number INTEGER NOT NULL,
            at INTEGER NOT NULL,
            name TEXT NOT NULL,
            detail TEXT,
            estimated_seconds INTEGER,
            state TEXT,
            progress INTEGER,
            provider_status TEXT,
            provider_task_id TEXT,
            attempts INTEGER,
            obstacle TEXT,
            results TEXT,
            content_expires INTEGER,
            content_removed INTEGER,
            failure_code TEXT,
            failure_message TEXT,
            failure_status INTEGER,
            evidence TEXT,
            usage TEXT,
            obstacle_message TEXT
        ) STRICT
        """,
        "INSERT INTO new_events SELECT * FROM events",
        "DROP TABLE events",
        "ALTER TABLE new_events RENAME TO events",
        "CREATE UNIQUE INDEX events_by_task ON events (task, number)",
    ]

    /// A query must contain exactly these texts, or SQLite does not use the partial indices for it.
    static let hasWork = """
        state = 'queued' OR state = 'sending' OR state = 'running' OR state = 'archiving' \
        OR late_until IS NOT NULL
        """
    static let isUncertain = "state = 'uncertain'"
    private static let hasEnded = "status = 'completed' OR status = 'failed' OR status = 'cancelled'"

    private static let taskColumns = """
        sequence, id, created, model, client, estimated_seconds, state, status, version, updated, progress,
        provider_status, provider_task_id, attempts, archive_failures, obstacle, links, results,
        content_expires, content_removed, failure_code, failure_message, failure_status, evidence, usage,
        late_until, obstacle_message
        """

    private static func anyStatus(_ column: String) -> String {
        ["pending", "processing", "completed", "failed", "cancelled"]
            .map { "\(column) = '\($0)'" }.joined(separator: " OR ")
    }
}
