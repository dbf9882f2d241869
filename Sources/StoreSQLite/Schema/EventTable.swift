/// The table `events`: every task's history in one sequence, each event with a snapshot of its task.
///
/// A snapshot is the columns of `tasks` that a client can see. Columns that never change are read from
/// `tasks`; version and time are the event's. Without a `state` there is no snapshot.
///
/// The writer numbers the events from `store.event_sequence`, so that no number is used twice even if events
/// are deleted. SQLite's AUTOINCREMENT does the same for a row of `sqlite_sequence` with every event.
enum EventTable {
    /// Under the names that they have in `tasks`.
    static let snapshotColumns = TaskColumn.mutable.filter { column in
        if case .snapshot = source(of: column) { true } else { false }
    }

    /// Migration 5. Events of earlier versions are numbered task by task, since their times may have jumped.
    static let migration = [
        """
        CREATE TABLE sequenced_events (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
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
        """
        INSERT INTO sequenced_events (task, number, at, name, detail)
        SELECT task, number, at, name, detail FROM events ORDER BY task, number
        """,
        "DROP TABLE events",
        "ALTER TABLE sequenced_events RENAME TO events",
        "CREATE UNIQUE INDEX events_by_task ON events (task, number)",
        // Exists without any event too, so that a restoration can raise it.
        """
        INSERT INTO sqlite_sequence (name, seq) SELECT 'events', 0
        WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'events')
        """,
    ]

    /// An event with a snapshot: sequence, task, number, time, name, detail, and the snapshot's columns.
    static let insertion: String = {
        let columns = snapshotColumns.map(\.name).joined(separator: ", ")
        let parameters = snapshotColumns.map { _ in "?" }.joined(separator: ", ")
        return """
            INSERT INTO events (sequence, task, number, at, name, detail, \(columns))
            VALUES (?, ?, ?, ?, ?, ?, \(parameters))
            """
    }()
    /// An earlier event of an admission, without a snapshot.
    static let insertionWithoutSnapshot =
        "INSERT INTO events (sequence, task, number, at, name, detail) VALUES (?, ?, ?, ?, ?, ?)"

    static let history = """
        SELECT number, at, name, detail FROM events
        WHERE task = (SELECT sequence FROM tasks WHERE id = ?) ORDER BY number
        """

    /// The columns of an event, then those of its snapshot in the order of `TaskColumn`.
    static let page = "\(selection) WHERE events.sequence > ? ORDER BY events.sequence LIMIT ?"

    /// The same of one task, after an event's number.
    static let taskPage = """
        \(selection)
        WHERE events.task = (SELECT sequence FROM tasks WHERE id = ?) AND number > ? ORDER BY number LIMIT ?
        """

    private static let selection = """
        SELECT events.sequence, tasks.id, number, at, name, detail, events.state, \(snapshot)
        FROM events JOIN tasks ON tasks.sequence = events.task
        """

    static let last = "SELECT coalesce(max(sequence), 0) FROM events"

    /// The number of the last event after the given one of each task, then the columns of its task.
    static let latest = """
        SELECT max(events.sequence), \(TaskColumn.allCases.map { "tasks.\($0.name)" }.joined(separator: ", "))
        FROM events JOIN tasks ON tasks.sequence = events.task
        WHERE events.sequence > ? GROUP BY events.task ORDER BY 1
        """

    /// How many columns of `page` come before the snapshot's.
    static let pageOffset = 7

    private enum Source { case task, event(String), snapshot, none(String) }

    private static let snapshot = TaskColumn.allCases.map { column in
        switch source(of: column) {
        case .task: "tasks.\(column.name)"
        case .event(let name): "events.\(name)"
        case .snapshot: "events.\(column.name)"
        case .none(let value): value
        }
    }
    .joined(separator: ", ")

    private static func source(of column: TaskColumn) -> Source {
        switch column {
        case .id, .created, .model, .client, .price, .prompt, .resolution, .deprecation, .trace: .task
        case .version: .event("number")
        case .updated: .event("at")
        // Follows from others, or no client sees it.
        case .status, .links, .graceDeadline, .resubmitted, .earlierSubmitted, .accepted, .completed:
            .none("NULL")
        case .archiveFailures, .contentBytes: .none("0")
        case .estimatedSeconds, .state, .progress, .providerStatus, .providerTaskId, .attempts, .obstacle,
            .results, .contentExpires, .contentRemoved, .failureCode, .failureMessage, .failureStatus,
            .evidence, .usage, .blockMessage, .priceState, .earlierPrice, .review, .reviewNote, .slow,
            .fetched,
            .removalWarned:
            .snapshot
        }
    }
}
