import Gateway
import GRDB

/// Why a backup could not be made or restored.
package struct StoreCopyError: Error, Equatable, Sendable {
    package let message: String
    /// What to do; `nil` if the message says it.
    package let remedy: String?

    package init(_ message: String, remedy: String? = nil) {
        self.message = message
        self.remedy = remedy
    }

    /// Returns the error of a step that works on a file.
    init(_ error: any Error, on file: String) {
        switch error {
        case let error as StoreCopyError: self = error
        case let error as StoreError: self.init(error.message)
        case let error as DatabaseError: self.init(error, on: file)
        default: self.init("\(file) has a row that cannot be read: \(type(of: error))")
        }
    }

    private init(_ error: DatabaseError, on file: String) {
        // SQLite's messages name tables and columns, never values.
        let message = "\(error.message ?? "no message"), SQLite code \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_INTERRUPT, .SQLITE_ABORT: self = Self.interrupted
        case .SQLITE_FULL:
            self.init(
                "no space is left for \(file) (\(message))", remedy: "Free some, or use another disk.")
        case .SQLITE_NOTADB: self = Self.foreign(file)
        case .SQLITE_CORRUPT, .SQLITE_FORMAT:
            self.init("\(file) is damaged or incomplete (\(message))", remedy: "Use another backup.")
        default: self.init("\(file) cannot be copied: \(message)")
        }
    }

    /// The error about a file that is no store.
    static func foreign(_ file: String) -> StoreCopyError {
        StoreCopyError("\(file) is no backup of Reelgate", remedy: "reelgate backup FILE makes one.")
    }

    package static let interrupted = StoreCopyError("interrupted; nothing was written")
}
