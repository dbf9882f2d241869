import GRDB

/// What a copy of a store holds.
package struct StoreSummary: Equatable, Sendable {
    package let storeID: String
    /// The number of the last transaction in it.
    package let sequence: Int64
    package let tasks: Int
    /// The videos that it expects in the archive.
    package let videos: Int
    /// The size of the file.
    package let bytes: Int64

    init(_ db: Database, videos: Int) throws {
        self.videos = videos
        guard let row = try Row.fetchOne(db, sql: "SELECT id, sequence FROM store") else {
            throw StoredIdentity.missing
        }
        storeID = try row.decode(atIndex: 0)
        sequence = try row.decode(atIndex: 1)
        tasks = try Int.fetchOne(db, sql: "SELECT count(*) FROM tasks") ?? 0
        let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        bytes = pages * (try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
    }
}
