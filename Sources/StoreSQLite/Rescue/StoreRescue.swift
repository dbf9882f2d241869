import Gateway
import GRDB

/// Writes a store to its path again when its file was deleted under the process.
///
/// The stored tasks then exist in open descriptors alone and would end with the process. So the
/// database is copied to its path, through SQLite, and work goes on in the copy. A store that was only moved
/// is left alone: with a second copy about, the first could come back one day and send its jobs again.
struct StoreRescue: Sendable {
    let files: StoreFiles
    let errors: SQLiteErrorMapper
    let lock: StoreLock
    /// Reports to the operator.
    let report: @Sendable (String) -> Void

    /// Throws unless everything is where it was opened and the next gateway would find it taken.
    func check(_ watch: StoreWatch) throws {
        switch watch.inspect() {
        case .inPlace: break
        case .deleted(let path): throw StoreDeletedError(path: path)
        case .moved(let path):
            throw StoreError.unavailable("\(path) was moved away under the running gateway; put it back")
        case .replaced(let path):
            throw StoreError.unavailable(
                "another file is at \(path) in place of the one in use; "
                    + "move it away and put the right one back, if it was moved")
        }
        if try lock.retake() {
            report("\(files.lockPath) was removed under the running gateway; taken again")
        }
    }

    /// Copies the database from its open connection to its path, and opens it there. Runs on the writer's
    /// queue, outside a transaction.
    func run(
        _ db: Database, in lost: StoreConnections, because deleted: StoreDeletedError
    ) throws
        -> StoreConnections
    {
        do {
            try files.makeFolder()
            // Before anything is written: the holder of this lock owns the path.
            _ = try lock.retake()
            try copy(db, lost.watch)
            let opened = try StoreOpening(files: files, errors: errors).open()
            report(
                "\(deleted.path) was deleted under the running gateway; what was accepted has been written "
                    + "to \(files.path) again and nothing is lost; find out who deletes files there")
            return opened
        } catch {
            let message = errors.failure(error).message
            throw StoreError.unavailable(
                "\(deleted.path) was deleted and cannot be written again: \(message); what was accepted is "
                    + "in this process's memory alone: do not stop it before that is repaired")
        }
    }

    private func copy(_ db: Database, _ watch: StoreWatch) throws {
        let databaseStands = StoreFiles.node(files.path) != nil
        // If only the log was deleted: at once, the file holds what the log held.
        if databaseStands { try db.checkpoint(.truncate) }
        try files.beginRescue()
        try db.execute(sql: "VACUUM INTO ?", arguments: [files.unfinishedPath])
        try files.finishRescue()
        // Copying takes time: checked again, so that no newer file is overwritten.
        guard case .deleted = watch.inspect() else {
            throw StoreError.unavailable("files at \(files.path) changed meanwhile")
        }
        try files.installRescueCopy(over: watch.database)
    }
}
