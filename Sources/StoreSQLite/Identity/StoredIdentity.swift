import Gateway
import GRDB
import VideoJobs

/// The one row of the table `store`: the store's id, sequence, restoration phase and archive.
enum StoredIdentity {
    static let table = """
        CREATE TABLE store (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            id TEXT NOT NULL,
            sequence INTEGER NOT NULL CHECK (sequence >= 0),
            restoration TEXT CHECK (restoration IN ('detected', 'paused')),
            archive TEXT
        ) STRICT
        """

    /// The most events of one transaction: four of each mutation.
    private static let eventsMax = Int64(PendingMutations.Limits().batchMax * 4)

    /// The numbers of the last transaction and the last event.
    static let numbers = "SELECT sequence, event_sequence FROM store"
    static let setNumbers = "UPDATE store SET sequence = ?, event_sequence = ?"

    static let row = "INSERT INTO store (only, id, sequence) VALUES (1, lower(hex(randomblob(16))), 0)"

    static func read(_ db: Database) throws -> StoreIdentity {
        let statement = try db.cachedStatement(
            sql: "SELECT id, sequence, restoration, archive, spend_resumed FROM store")
        guard let row = try Row.fetchOne(statement) else { throw missing }
        var identity = StoreIdentity(
            id: try row.decode(atIndex: 0), sequence: try row.decode(atIndex: 1),
            archiveID: try row.decode(atIndex: 3))
        let resumed: Int64? = try row.decode(atIndex: 4)
        identity.spendResumed = resumed.map { Timestamp(milliseconds: $0) }
        let word: String? = try row.decode(atIndex: 2)
        // An unknown word is an unknown pause, and stays one.
        identity.restoration = word.map { RestorationPhase(rawValue: $0) ?? .detected }
        return identity
    }

    static func setRestoration(
        _ phase: RestorationPhase?, raisingSequenceTo sequence: Int64, in transaction: WriteTransaction
    ) throws {
        transaction.raise(to: sequence, eventsMax: eventsMax)
        try transaction.db.execute(sql: "UPDATE store SET restoration = ?", arguments: [phase?.rawValue])
    }

    static func setArchive(_ id: String, in db: Database) throws {
        try db.execute(sql: "UPDATE store SET archive = ?", arguments: [id])
    }

    static func setSpendResumed(at time: Timestamp, in db: Database) throws {
        try db.execute(sql: "UPDATE store SET spend_resumed = ?", arguments: [time.milliseconds])
    }

    static var missing: DatabaseError {
        DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the table store has no row")
    }
}
