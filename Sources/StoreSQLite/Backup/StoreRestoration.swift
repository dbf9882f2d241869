import CrashPoints
package import Gateway
import GRDB

/// Puts a backup where a store is to be, and never over another store.
///
/// The restored store is marked inside: whatever is known on this machine, it starts as one that is older
/// than what was sent.
package struct StoreRestoration: Sendable {
    /// A store that was restored.
    package struct Outcome: Sendable {
        package let summary: StoreSummary
        /// The path of the store, free of symbolic links.
        package let path: String
        /// The videos that it expects in the archive.
        package let videos: [ManifestVideo]
    }

    let file: String
    let store: String
    let manifest: BackupManifest

    /// - Parameter archivePath: returns the path of a video below the archive's folder.
    package init(
        of file: String, to store: String, archivePath: @escaping @Sendable (ArtifactID) -> String?
    ) {
        self.file = file
        self.store = store
        manifest = BackupManifest(path: archivePath)
    }

    /// Makes the store, whole or not at all. Blocks until it is durable.
    ///
    /// - Parameters:
    ///   - record: what the audit of the store says about it.
    ///   - report: receives messages for the operator about waits.
    package func run(
        recording record: AuditRecord, _ stop: StoreCopyStop, report: @escaping @Sendable (String) -> Void
    ) throws(StoreCopyError) -> Outcome {
        do {
            try checkFile()
            let files = try StoreFiles.locate(store)
            try requireNoStore(files)
            let lock = try StoreLock(files, isBrief: true, report: report)
            defer { lock.release() }
            try requireNoStore(files)
            // The name of an unfinished rescue: the next start removes what a killed command left.
            let target = try UnfinishedFile(files.path, temporaryPath: files.unfinishedPath)
            try target.fill(from: file) { try stop.check() }
            reached(.restoreCopied)
            let outcome = try complete(target.temporaryPath, for: files, record, stop)
            reached(.restoreMarked)
            try files.giveLockToOwner()
            try target.giveToOwner(of: files.folder)
            try target.publish(reaching: .restoreNamed)
            return outcome
        } catch { throw StoreCopyError(error, on: file) }
    }

    private func complete(
        _ path: String, for files: StoreFiles, _ record: AuditRecord, _ stop: StoreCopyStop
    ) throws -> Outcome {
        let copy = try CopiedStore(path, named: file)
        try copy.checkOrigin()
        try copy.makeOneFile()
        try copy.checkIntegrity(stop)
        return try stop.interrupting(copy.database) {
            try StoreSchema.migrator.migrate(copy.database)
            try copy.database.write { db in
                try CopiedStore.mark(db)
                try BackupManifest.remove(in: db)
                try AuditTable.append(record, in: db)
            }
            return try copy.database.read { db in
                var videos: [ManifestVideo] = []
                try manifest.forEachVideo(in: db) { videos.append($0) }
                return Outcome(
                    summary: try StoreSummary(db, videos: videos.count), path: files.path, videos: videos)
            }
        }
    }

    /// Throws if the file lacks changes that are in a log beside it.
    private func checkFile() throws(StoreCopyError) {
        guard UnfinishedFile.exists(file) else { throw StoreCopyError("there is no file \(file)") }
        for suffix in ["-wal", "-journal"] where StoreFiles.hasBytes(file + suffix) {
            throw StoreCopyError(
                "\(file) is a store in use and no backup: \(file + suffix) has changes that it lacks",
                remedy: "reelgate backup FILE makes a backup of it.")
        }
    }

    private func requireNoStore(_ files: StoreFiles) throws(StoreCopyError) {
        for path in [files.path, files.rescuePath] where UnfinishedFile.exists(path) {
            throw StoreCopyError(
                "there is already a store at \(path), and nothing replaces it",
                remedy: "Stop its gateway and move the store away, with its -wal and -shm files; or name "
                    + "another folder with REELGATE_DATA or --config.")
        }
        if StoreFiles.hasBytes(files.writeAheadLogPath) {
            throw StoreCopyError(
                "\(files.writeAheadLogPath) has changes of a store that was moved away without it",
                remedy: "Move it, and the -shm file, to that store.")
        }
    }
}
