import Gateway
import GRDB

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

    /// The most events of one mutation.
    private static let eventsMax = 4

    static let row = "INSERT INTO store (only, id, sequence) VALUES (1, lower(hex(randomblob(16))), 0)"

    static func read(_ db: Database) throws -> StoreIdentity {
        let statement = try db.cachedStatement(sql: "SELECT id, sequence, restoration, archive FROM store")
        guard let row = try Row.fetchOne(statement) else { throw missing }
        var identity = StoreIdentity(
            id: try row.decode(atIndex: 0), sequence: try row.decode(atIndex: 1),
            archiveID: try row.decode(atIndex: 3))
        let word: String? = try row.decode(atIndex: 2)
        // An unknown word is an unknown pause, and stays one.
        identity.restoration = word.map { RestorationPhase(rawValue: $0) ?? .detected }
        return identity
    }

    /// Counts a transaction that changes something, within it. Returns its number.
    static func advance(_ db: Database) throws -> Int64 {
        try db.cachedStatement(sql: "UPDATE store SET sequence = sequence + 1").execute()
        guard let number = try Int64.fetchOne(try db.cachedStatement(sql: "SELECT sequence FROM store"))
        else {
            throw missing
        }
        return number
    }

    static func setRestoration(
        _ phase: RestorationPhase?, raisingSequenceTo sequence: Int64, in db: Database
    ) throws {
        try db.execute(
            sql: EventTable.skipLost, arguments: [PendingMutations.Limits().batchMax * eventsMax, sequence])
        try db.execute(
            sql: "UPDATE store SET restoration = ?, sequence = max(sequence, ?)",
            arguments: [phase?.rawValue, sequence])
    }

    static func setArchive(_ id: String, in db: Database) throws {
        try db.execute(sql: "UPDATE store SET archive = ?", arguments: [id])
    }

    static var missing: DatabaseError {
        DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the table store has no row")
    }
}
