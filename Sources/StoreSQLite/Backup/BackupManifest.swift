import Gateway
import GRDB
import VideoJobs

/// Two tables of a backup beside those of the store: `backup`, with one row about it, and `backup_videos`,
/// with the videos that the store expects in the archive.
struct BackupManifest {
    /// Returns the path of a video below the archive's folder; `nil` if it can have none.
    let path: @Sendable (ArtifactID) -> String?

    private static let tables = [
        """
        CREATE TABLE backup (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            format INTEGER NOT NULL,
            taken INTEGER NOT NULL,
            program TEXT NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE backup_videos (
            path TEXT PRIMARY KEY,
            task TEXT NOT NULL,
            bytes INTEGER NOT NULL,
            sha256 TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
    ]
    private static let format = 1
    private static let drop = ["DROP TABLE IF EXISTS backup", "DROP TABLE IF EXISTS backup_videos"]

    /// Removes the tables of a backup from a store.
    static func remove(in db: Database) throws {
        for statement in drop { try db.execute(sql: statement) }
    }

    /// Makes and fills the tables. Returns the number of videos.
    func write(taken: Timestamp, by program: String, in db: Database) throws -> Int {
        try Self.remove(in: db)
        for statement in Self.tables { try db.execute(sql: statement) }
        try db.execute(
            sql: "INSERT INTO backup VALUES (1, ?, ?, ?)",
            arguments: [Self.format, taken.milliseconds, program])
        let insertion = try db.makeStatement(sql: "INSERT OR REPLACE INTO backup_videos VALUES (?, ?, ?, ?)")
        var count = 0
        try forEachVideo(in: db) { video in
            count += 1
            try insertion.execute(
                arguments: [video.path, video.taskID.text, video.bytes, video.sha256])
        }
        return count
    }

    /// Calls a function with each video that the store expects in the archive.
    func forEachVideo(in db: Database, _ visit: (ManifestVideo) throws -> Void) throws {
        let rows = try Row.fetchCursor(
            db, sql: "SELECT id, results FROM tasks WHERE \(StoreSchema.hasContent) ORDER BY sequence")
        while let row = try rows.next() {
            let task = TaskID(try row.decode(String.self, atIndex: 0))
            let results = try StoredList.list(
                of: StoredResult.self, in: try row.decode(String?.self, atIndex: 1))
            for (index, stored) in results.enumerated() {
                let result = stored.result(at: index)
                guard let path = path(ArtifactID(task: task, index: result.fileIndex)) else { continue }
                try visit(
                    ManifestVideo(path: path, taskID: task, bytes: result.bytes, sha256: result.sha256))
            }
        }
    }
}
