import CrashPoints
import GRDB

/// The migrations that make the tables, in order. Only ever append one.
enum StoreSchema {
    /// "Rgat" in the file's header marks a store of Reelgate among SQLite databases.
    static let applicationID = 0x5267_6174

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 tasks, payloads, events, idempotency") { db in
            for statement in [tasks, payloads, events, idempotency] { try db.execute(sql: statement) }
            for statement in indices { try db.execute(sql: statement) }
            for statement in ["UPDATE", "DELETE"] { try db.execute(sql: appendOnly(statement)) }
            reached(.storeInitializing)
        }
        migrator.registerMigration("2 tasks that were given up on") { db in
            for statement in lateWatch { try db.execute(sql: statement) }
        }
        migrator.registerMigration("3 why a task waits") { db in
            try db.execute(sql: "ALTER TABLE tasks ADD COLUMN obstacle_message TEXT")
        }
        migrator.registerMigration("4 identity of the store") { db in
            for statement in [StoredIdentity.table, StoredIdentity.row] { try db.execute(sql: statement) }
        }
        migrator.registerMigration("5 event sequence with snapshots") { db in
            for statement in EventTable.migration { try db.execute(sql: statement) }
            for statement in ["UPDATE", "DELETE"] { try db.execute(sql: appendOnly(statement)) }
        }
        migrator.registerMigration("6 outbox") { db in
            for statement in OutboxTable.migration { try db.execute(sql: statement) }
        }
        migrator.registerMigration("7 terms of claims") { db in
            for statement in StoredTerm.migration { try db.execute(sql: statement) }
        }
        migrator.registerMigration("8 cheaper writes") { db in
            for statement in WriteCostMigration.statements { try db.execute(sql: statement) }
            for statement in ["UPDATE", "DELETE"] { try db.execute(sql: appendOnly(statement)) }
        }
        migrator.registerMigration("9 clients and tokens") { db in
            for statement in ClientTable.migration { try db.execute(sql: statement) }
        }
        migrator.registerMigration("11 audit") { db in
            for statement in AuditTable.migration { try db.execute(sql: statement) }
        }
        migrator.registerMigration("12 sessions") { db in
            for statement in SessionTable.migration { try db.execute(sql: statement) }
        }
        migrator.registerMigration("10 prices and limits") { db in
            for statement in PriceMigration.statements { try db.execute(sql: statement) }
        }
        migrator.registerMigration("13 reviews") { db in
            for statement in ReviewMigration.statements { try db.execute(sql: statement) }
        }
        migrator.registerMigration("14 reviewed tasks") { db in
            try db.execute(sql: UsageReads.migration)
        }
        migrator.registerMigration("15 times of resubmissions") { db in
            for statement in ResubmissionMigration.statements { try db.execute(sql: statement) }
        }
        migrator.registerMigration("16 prompt") { db in
            for statement in PromptMigration.statements { try db.execute(sql: statement) }
        }
        migrator.registerMigration("17 callbacks and deliveries") { db in
            for statement in DeliveryTable.migration { try db.execute(sql: statement) }
        }
        migrator.registerMigration("18 durations") { db in
            for statement in DurationMigration.statements { try db.execute(sql: statement) }
        }
        migrator.registerMigration("19 retention") { db in
            for statement in ArchiveMigration.statements { try db.execute(sql: statement) }
        }
        migrator.registerMigration("20 notices") { db in
            for statement in NoticeTable.migration { try db.execute(sql: statement) }
        }
        migrator.registerMigration("21 marks of notices") { db in
            for statement in NoticeTable.marksMigration { try db.execute(sql: statement) }
        }
        migrator.registerMigration("22 sizes of results") { db in
            for statement in ResultSizes.migration { try db.execute(sql: statement) }
        }
        migrator.registerMigration("23 fetched content") { db in
            for statement in FetchMigration.statements { try db.execute(sql: statement) }
        }
        migrator.registerMigration("24 deprecated models") { db in
            try db.execute(sql: "ALTER TABLE tasks ADD COLUMN deprecation TEXT")
        }
        migrator.registerMigration("25 traces of tasks") { db in
            try db.execute(sql: "ALTER TABLE tasks ADD COLUMN trace TEXT")
        }
        migrator.registerMigration("26 totals") { db in
            for statement in TaskTotalsTable.migration { try db.execute(sql: statement) }
        }
        return migrator
    }

    /// `sequence` is the order of admission (a clock may jump); as the rowid it ends every index by itself.
    private static let tasks = """
        CREATE TABLE tasks (
            sequence INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            created INTEGER NOT NULL,
            model TEXT NOT NULL,
            client TEXT NOT NULL,
            estimated_seconds INTEGER,
            state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'running', 'archiving',
                'completed', 'failed', 'uncertain', 'cancelled')),
            status TEXT NOT NULL CHECK (status IN
                ('pending', 'processing', 'completed', 'failed', 'cancelled')),
            version INTEGER NOT NULL CHECK (version > 0),
            updated INTEGER NOT NULL,
            progress INTEGER NOT NULL,
            provider_status TEXT NOT NULL CHECK (provider_status IN
                ('pending', 'processing', 'completed', 'failed', 'cancelled')),
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
            usage TEXT
        ) STRICT
        """

    /// Apart from the tasks, so that reading a task never drags its 64 KiB along.
    private static let payloads = """
        CREATE TABLE payloads (
            task INTEGER PRIMARY KEY REFERENCES tasks (sequence),
            body BLOB NOT NULL
        ) STRICT
        """

    private static let events = """
        CREATE TABLE events (
            task INTEGER NOT NULL REFERENCES tasks (sequence),
            number INTEGER NOT NULL,
            at INTEGER NOT NULL,
            name TEXT NOT NULL,
            detail TEXT,
            PRIMARY KEY (task, number)
        ) STRICT, WITHOUT ROWID
        """

    private static let idempotency = """
        CREATE TABLE idempotency (
            client TEXT NOT NULL,
            key TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            task INTEGER NOT NULL REFERENCES tasks (sequence),
            created INTEGER NOT NULL,
            PRIMARY KEY (client, key)
        ) STRICT, WITHOUT ROWID
        """

    /// One index for each kind of query, in the order of its result, so that a page is never sorted.
    private static let indices = [
        "CREATE INDEX tasks_by_provider ON tasks (provider_task_id) WHERE provider_task_id IS NOT NULL",
        "CREATE INDEX tasks_by_client ON tasks (client)",
        "CREATE INDEX tasks_by_client_and_status ON tasks (client, status)",
        "CREATE INDEX tasks_by_status ON tasks (status)",
        "CREATE INDEX tasks_by_state ON tasks (state)",
        "CREATE INDEX tasks_by_model ON tasks (model)",
        "CREATE INDEX tasks_open ON tasks (sequence) WHERE \(isOpen)",
        "CREATE INDEX tasks_with_content ON tasks (sequence) WHERE \(hasContent)",
    ]

    private static let lateWatch = [
        "ALTER TABLE tasks ADD COLUMN late_until INTEGER",
        "DROP INDEX tasks_open",
        "CREATE INDEX tasks_with_work ON tasks (sequence) WHERE \(hadWork)",
    ]

    /// How to find tasks with work left, until migration 8.
    private static let isOpen = "state IN ('queued', 'sending', 'running', 'archiving')"
    private static let hadWork = "\(isOpen) OR late_until IS NOT NULL"
    /// A query must contain exactly these texts, or SQLite does not use the partial indices for it.
    static let hasWork = WriteCostMigration.hasWork
    static let isUncertain = WriteCostMigration.isUncertain
    static let hasContent = "state = 'completed' AND content_removed = 0"

    private static func appendOnly(_ statement: String) -> String {
        """
        CREATE TRIGGER events_no_\(statement.lowercased()) BEFORE \(statement) ON events
        BEGIN SELECT RAISE(ABORT, 'events are append-only'); END
        """
    }
}
