import GRDB

/// The prepared statements of the connection that writes.
///
/// They must be finalized before the connection can close.
// @unchecked because it is used only on that connection's queue.
final class WriteStatements: @unchecked Sendable {
    enum Name: Int, CaseIterable {
        case numbers, setNumbers
        case insertTask, insertPayload, insertClaim, findTask
        case insertEvent, insertEventWithoutSnapshot, insertAudit, changeTotals
    }

    /// A task has about twenty kinds of change. Beyond this bound an update writes all columns.
    private static let updatesMax = 64

    private var known: [WriteStatement?] = Name.allCases.map { _ in nil }
    private var updates: [TaskUpdate: WriteStatement] = [:]

    /// Returns a statement, prepared at its first use.
    func statement(_ name: Name, in db: Database) throws -> WriteStatement {
        if let statement = known[name.rawValue] { return statement }
        let statement = try WriteStatement(name.sql, in: db)
        known[name.rawValue] = statement
        return statement
    }

    /// Returns the statement of an update.
    func statement(_ update: TaskUpdate, in db: Database) throws -> WriteStatement {
        if let statement = updates[update] { return statement }
        let statement = try WriteStatement(update.sql, in: db)
        updates[update] = statement
        return statement
    }

    /// Whether an update with these columns is prepared, or another one may be.
    func hasRoom(for update: TaskUpdate) -> Bool {
        updates.count < Self.updatesMax || updates[update] != nil
    }

    /// Finalizes all. A statement that is used later is prepared again.
    func finalize() {
        known = Name.allCases.map { _ in nil }
        updates = [:]
    }
}

extension WriteStatements.Name {
    var sql: String {
        switch self {
        case .numbers: StoredIdentity.numbers
        case .setNumbers: StoredIdentity.setNumbers
        case .insertTask: "INSERT INTO tasks (\(TaskColumn.list)) VALUES (\(TaskColumn.placeholders))"
        case .insertPayload: "INSERT INTO payloads (task, body) VALUES (?, ?)"
        case .insertClaim:
            "INSERT INTO idempotency (client, key, fingerprint, task, created) VALUES (?, ?, ?, ?, ?)"
        case .findTask: "SELECT sequence FROM tasks WHERE id = ?"
        case .insertEvent: EventTable.insertion
        case .insertEventWithoutSnapshot: EventTable.insertionWithoutSnapshot
        case .insertAudit: AuditTable.insertion
        case .changeTotals: TaskTotalsTable.change
        }
    }
}
