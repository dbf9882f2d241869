import GRDB

/// The term of the newest claim, in the row of the table `store`.
///
/// The store's lock excludes other gateways, so a claim is granted all tasks at once, and only the newest
/// claim is valid.
enum StoredTerm {
    /// Migration 7.
    static let migration = [
        "ALTER TABLE store ADD COLUMN term INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE store ADD COLUMN term_owner TEXT",
    ]

    /// Begins the next term and returns it.
    static func advance(owner: String, in db: Database) throws -> Int64 {
        try db.execute(sql: "UPDATE store SET term = term + 1, term_owner = ?", arguments: [owner.withoutNUL])
        return try read(db)
    }

    static func read(_ db: Database) throws -> Int64 {
        guard let term = try Int64.fetchOne(db, sql: "SELECT term FROM store") else {
            throw StoredIdentity.missing
        }
        return term
    }
}
