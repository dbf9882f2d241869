import Gateway
import GRDB
import VideoJobs

/// The term of the newest claim, in the row of the table `store`.
///
/// The store's lock excludes other gateways, so a claim is granted all tasks at once, and only the newest claim
/// is valid.
enum StoredTerm {
    /// Migration 7.
    static let migration = [
        "ALTER TABLE store ADD COLUMN term INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE store ADD COLUMN term_owner TEXT",
    ]

    static func begin(
        owner: String, at now: Timestamp, lease: Duration, in db: Database
    ) throws -> WorkClaim {
        try db.execute(sql: "UPDATE store SET term = term + 1, term_owner = ?", arguments: [owner.withoutNUL])
        guard let term = try Int64.fetchOne(db, sql: "SELECT term FROM store") else {
            throw StoredIdentity.missing
        }
        return WorkClaim(owner: owner, term: term, begin: now, leaseEnd: now + lease)
    }
}
