import Gateway
import GRDB

/// Opens a store's database, or says why it is none of ours. Changes nothing in a file that is not.
struct StoreOpening {
    /// Readers beside the one writer.
    static let readersMax = 3

    let files: StoreFiles
    let faults: StoreFaults

    func open() throws(StoreFailure) -> DatabasePool {
        do {
            let pool = try DatabasePool(path: files.path, configuration: configuration)
            // GRDB sets NORMAL when it turns on the write-ahead log, after `prepareDatabase`. With NORMAL a power
            // cut takes what was committed since the last checkpoint.
            try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
            try migrate(pool)
            return pool
        } catch {
            throw faults.failure(error)
        }
    }

    private var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "reelgate.store"
        configuration.maximumReaderCount = Self.readersMax
        // Nobody else has business in the file; a visitor with a shell is given this long to finish.
        configuration.busyMode = .timeout(0.5)
        configuration.prepareDatabase { [files] db in
            try Self.checkOwner(of: files, in: db)
            try db.execute(
                sql: """
                    PRAGMA temp_store = MEMORY;
                    PRAGMA cache_size = -2000;
                    PRAGMA wal_autocheckpoint = 4000;
                    PRAGMA journal_size_limit = 67108864;
                    """)
        }
        return configuration
    }

    private static func checkOwner(of files: StoreFiles, in db: Database) throws {
        let owner = try Int.fetchOne(db, sql: "PRAGMA application_id")
        if owner == StoreSchema.applicationID { return }
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema")
        guard owner == 0, tables == 0 else {
            throw StoreFailure.damaged(
                "\(files.path) is a database of another program; give the store a path of its own")
        }
    }

    private func migrate(_ pool: DatabasePool) throws {
        let migrator = StoreSchema.migrator
        guard try !pool.read(migrator.hasBeenSuperseded) else {
            throw StoreFailure.newer(
                "the store \(files.path) was written by a newer Reelgate; run that one, or restore an older copy"
            )
        }
        try migrator.migrate(pool)
    }
}
