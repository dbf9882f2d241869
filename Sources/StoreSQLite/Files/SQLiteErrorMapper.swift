import Gateway
import GRDB
import Synchronization

/// The only mapping from SQLite errors to `StoreError`.
final class SQLiteErrorMapper: Sendable {
    let files: StoreFiles
    private let corruptionSeen = Atomic(false)

    init(files: StoreFiles) { self.files = files }

    /// Whether corruption was seen since the last integrity check that passed.
    var sawCorruption: Bool { corruptionSeen.load(ordering: .relaxed) }

    /// Records that an integrity check found the file intact.
    func markIntact() { corruptionSeen.store(false, ordering: .relaxed) }

    func failure(_ error: any Error) -> StoreError {
        switch error {
        case let failure as StoreError: failure
        case let error as DatabaseError: failure(error)
        // A value that cannot be read as what we wrote.
        case is RowDecodingError, is DecodingError: damaged("a row cannot be read")
        default: .unavailable("the store \(files.path) failed: \(type(of: error))")
        }
    }

    /// Whether an error concerns one mutation, so that the others of its transaction can go on. After any
    /// other error SQLite may have rolled back already.
    static func concernsOneMutation(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return error is StoreError }
        return [.SQLITE_CONSTRAINT, .SQLITE_TOOBIG, .SQLITE_MISMATCH].contains(error.resultCode)
    }

    private func failure(_ error: DatabaseError) -> StoreError {
        // SQLite's messages name tables and columns, never values.
        let message = "\(error.message ?? "no message"), SQLite code \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_FULL: return full(message)
        // Growing the shared-memory file fails this way when there is no room.
        case .SQLITE_IOERR where files.diskIsFull(): return full(message)
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN:
            return .readOnly(
                "cannot write the store \(files.path) (\(message)); "
                    + "let this user write the file and its folder"
            )
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return .locked("another program holds the store \(files.path) (\(message)); stop it")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT: return damaged(message)
        // Our statements fit the tables we made; if they do not, those are not our tables.
        case .SQLITE_ERROR, .SQLITE_SCHEMA: return damaged(message)
        case .SQLITE_CONSTRAINT, .SQLITE_TOOBIG, .SQLITE_MISMATCH:
            return .oneTask("the store \(files.path) refused the change: \(message)")
        default: return .unavailable("the store \(files.path) failed: \(message)")
        }
    }

    private func full(_ message: String) -> StoreError {
        .full(
            "no space left for the store \(files.path) (\(message)); "
                + "free some, nothing that was stored is lost"
        )
    }

    private func damaged(_ message: String) -> StoreError {
        corruptionSeen.store(true, ordering: .relaxed)
        return .damaged(
            "\(files.path) is damaged or no store of Reelgate (\(message)); "
                + "stop the gateway, then restore a copy or move the file away")
    }
}
