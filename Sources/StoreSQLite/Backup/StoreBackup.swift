import CrashPoints
package import Gateway
import GRDB
package import VideoJobs

/// Copies a store into one file, also while a gateway uses it.
///
/// The copy is the state of one moment: SQLite's backup API reads it in one read transaction, in steps. A
/// write-ahead log lets the gateway write meanwhile; the log grows by what is written, and its space is used
/// again afterwards.
package struct StoreBackup: Sendable {
    /// One mebibyte in pages of the usual size.
    private static let pagesPerStep: CInt = 256

    let store: String
    let file: String
    let manifest: BackupManifest
    /// The store and the least sequence that the copy must have; `nil` if they are unknown.
    package var expected: StoreIdentity?

    /// - Parameter archivePath: returns the path of a video below the archive's folder.
    package init(
        of store: String, to file: String, archivePath: @escaping @Sendable (ArtifactID) -> String?
    ) {
        self.store = store
        self.file = file
        manifest = BackupManifest(path: archivePath)
    }

    /// Makes the file, whole or not at all. Blocks until it is durable.
    package func run(
        at now: Timestamp, by program: String, _ stop: StoreCopyStop
    ) throws(StoreCopyError) -> StoreSummary {
        guard !UnfinishedFile.exists(file) else {
            throw StoreCopyError(
                "\(file) exists", remedy: "A backup never replaces a file: name another one.")
        }
        let target = try UnfinishedFile(file, temporaryPath: file + ".part")
        do {
            reached(.backupBegun)
            try copy(to: target.temporaryPath, stop)
            let summary = try complete(target.temporaryPath, at: now, by: program, stop)
            reached(.backupCopied)
            try target.publish(reaching: .backupNamed)
            return summary
        } catch { throw StoreCopyError(error, on: file) }
    }

    private func copy(to path: String, _ stop: StoreCopyStop) throws {
        let copy = try CopiedStore(path, named: file)
        do {
            var configuration = Configuration()
            configuration.label = "reelgate.store.backup"
            configuration.readonly = true
            // A reader waits only for a recovery of the log.
            configuration.busyMode = .timeout(10)
            let source = try DatabaseQueue(path: store, configuration: configuration)
            try source.read { db in
                guard try Int.fetchOne(db, sql: "PRAGMA application_id") == StoreSchema.applicationID else {
                    throw StoreCopyError("\(store) is no store of Reelgate")
                }
                // From here on this transaction sees one state.
                _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema")
                try copy.database.writeWithoutTransaction { target in
                    try db.backup(to: target, pagesPerStep: Self.pagesPerStep) { _ in try stop.check() }
                }
            }
        } catch let error as DatabaseError where error.resultCode != .SQLITE_FULL {
            throw StoreCopyError(error, on: store)
        }
    }

    private func complete(
        _ path: String, at now: Timestamp, by program: String, _ stop: StoreCopyStop
    ) throws -> StoreSummary {
        let copy = try CopiedStore(path, named: store)
        try copy.makeOneFile()
        try copy.checkOrigin()
        let summary = try stop.interrupting(copy.database) {
            let videos = try copy.database.write { db in
                try CopiedStore.mark(db)
                return try manifest.write(taken: now, by: program, in: db)
            }
            return try copy.database.read { try StoreSummary($0, videos: videos) }
        }
        if let expected, summary.storeID != expected.id || summary.sequence < expected.sequence {
            throw StoreCopyError(
                "the running gateway uses another store than \(store)",
                remedy: "Name the configuration that the gateway was started with.")
        }
        try copy.checkIntegrity(stop)
        return summary
    }
}
