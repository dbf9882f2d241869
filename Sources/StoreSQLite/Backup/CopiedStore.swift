import Gateway
import GRDB

/// A copy of a store under a temporary name, opened by no other process.
struct CopiedStore {
    let database: DatabaseQueue
    /// The name that messages use.
    let name: String

    /// Opens the copy. Leaves no other files beside it: a failure discards all of it.
    init(_ path: String, named name: String) throws {
        self.name = name
        var configuration = Configuration()
        configuration.label = "reelgate.store.copy"
        database = try DatabaseQueue(path: path, configuration: configuration)
        try database.writeWithoutTransaction { db in
            // A copy of a store in use has its write-ahead log turned on, here without shared memory.
            for setting in ["locking_mode = EXCLUSIVE", "synchronous = OFF", "temp_store = MEMORY"] {
                try db.execute(sql: "PRAGMA \(setting)")
            }
        }
    }

    /// Turns the write-ahead log off, so that the store is one file.
    func makeOneFile() throws {
        try database.writeWithoutTransaction { db in
            _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = MEMORY")
        }
    }

    /// Throws unless this is a store of Reelgate that this version can read.
    func checkOrigin() throws {
        try database.read { db in
            let tables = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'tasks'"
            guard try Int.fetchOne(db, sql: "PRAGMA application_id") == StoreSchema.applicationID,
                try Int.fetchOne(db, sql: tables) == 1
            else { throw StoreCopyError.foreign(name) }
            guard try !StoreSchema.migrator.hasBeenSuperseded(db) else {
                throw StoreCopyError(
                    "\(name) was written by a newer Reelgate", remedy: "Use that version, or a newer one.")
            }
        }
    }

    /// Throws unless every page, row and index is whole.
    func checkIntegrity(_ stop: StoreCopyStop) throws {
        try stop.interrupting(database) {
            let message = try database.read { try String.fetchOne($0, sql: "PRAGMA integrity_check(1)") }
            guard message == "ok" else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: message ?? "no result")
            }
        }
    }

    /// Makes the store start as one that is older than what was sent, and ends all sessions of browsers.
    static func mark(_ db: Database) throws {
        try db.execute(
            sql: "UPDATE store SET restoration = ?", arguments: [RestorationPhase.detected.rawValue])
        // A store of an earlier version may have none.
        if try db.tableExists("sessions") { try db.execute(sql: "DELETE FROM sessions") }
    }
}
