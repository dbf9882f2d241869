import Gateway
import GRDB

/// Opens a store's database. Leaves a file that is no store of Reelgate as it is, and throws.
struct StoreOpening {
    /// Readers beside the one writer.
    static let readersMax = 3

    let files: StoreFiles
    let errors: SQLiteErrorMapper

    func open() throws(StoreError) -> StoreConnections {
        do {
            let writer = try DatabaseQueue(path: files.path, configuration: writing)
            // GRDB sets NORMAL when it turns on the write-ahead log, after `prepareDatabase`. With NORMAL a
            // power cut takes what was committed since the last checkpoint.
            try writer.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
            try claim(writer)
            try migrate(writer)
            let readers = try (0..<Self.readersMax).map { _ in
                try DatabaseQueue(path: files.path, configuration: reading)
            }
            // Last: the log and its index are there once something was read.
            let numbers = try writer.read { db in try Row.fetchOne(db, sql: StoredIdentity.numbers) }
            guard let numbers else { throw StoredIdentity.missing }
            return StoreConnections(
                writer: writer, readers: readers, watch: try StoreWatch(files),
                sequence: try numbers.decode(atIndex: 0), eventSequence: try numbers.decode(atIndex: 1))
        } catch {
            throw errors.failure(error)
        }
    }

    private var writing: Configuration {
        var configuration = Configuration()
        configuration.label = "reelgate.store.write"
        configuration.journalMode = .wal
        // No other program should use the file; one that does has this long to finish.
        configuration.busyMode = .timeout(0.5)
        configuration.prepareDatabase { [files] db in
            try Self.checkOwner(of: files, in: db)
            try db.execute(
                sql: """
                    PRAGMA temp_store = MEMORY;
                    PRAGMA wal_autocheckpoint = 4000;
                    PRAGMA journal_size_limit = 67108864;
                    """)
        }
        return configuration
    }

    private var reading: Configuration {
        var configuration = Configuration()
        configuration.label = "reelgate.store.read"
        configuration.readonly = true
        // A reader waits only for a recovery of the log, which takes less.
        configuration.busyMode = .timeout(10)
        return configuration
    }

    private static func checkOwner(of files: StoreFiles, in db: Database) throws {
        let owner = try Int.fetchOne(db, sql: "PRAGMA application_id")
        if owner == StoreSchema.applicationID { return }
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema")
        guard owner == 0, tables == 0 else {
            throw StoreError.damaged(
                "\(files.path) is a database of another program; give the store a path of its own")
        }
    }

    /// Marks an empty file with the application id first. GRDB makes a table of its own before the first
    /// migration, and after a crash there the file would look like another program's.
    private func claim(_ writer: DatabaseQueue) throws {
        try writer.writeWithoutTransaction { db in
            guard try Int.fetchOne(db, sql: "PRAGMA application_id") == 0 else { return }
            try db.execute(sql: "PRAGMA application_id = \(StoreSchema.applicationID)")
        }
    }

    private func migrate(_ writer: DatabaseQueue) throws {
        let migrator = StoreSchema.migrator
        guard try !writer.read(migrator.hasBeenSuperseded) else {
            throw StoreError.newer(
                "the store \(files.path) was written by a newer Reelgate; run that one"
            )
        }
        try migrator.migrate(writer)
    }
}
