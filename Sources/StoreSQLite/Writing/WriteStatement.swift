import GRDB
import GRDBSQLite

/// A prepared statement of the connection that writes.
///
/// GRDB finds a statement by its text and boxes each value, and a job has some sixty values. So the writer
/// keeps its statements, and binds values as they are.
struct WriteStatement {
    private let statement: Statement

    init(_ sql: String, in db: Database) throws { statement = try db.cachedStatement(sql: sql) }

    /// Executes a statement that returns no rows.
    func run(in db: Database, _ bind: (inout BoundValues) -> Void = { _ in }) throws {
        defer { reset() }
        try step(in: db, expecting: SQLITE_DONE, bind)
    }

    /// Returns the first row, a row of integers; `nil` if there is no row.
    func integers(in db: Database, _ bind: (inout BoundValues) -> Void = { _ in }) throws -> [Int64]? {
        defer { reset() }
        guard try step(in: db, expecting: SQLITE_ROW, bind) else { return nil }
        let handle = unsafe statement.sqliteStatement
        return (0..<(unsafe sqlite3_column_count(handle))).map { unsafe sqlite3_column_int64(handle, $0) }
    }

    /// Binds the values and makes the first step. Returns whether it had the expected result.
    @discardableResult
    private func step(
        in db: Database, expecting expected: Int32, _ bind: (inout BoundValues) -> Void
    ) throws -> Bool {
        var values = BoundValues(of: statement)
        bind(&values)
        guard values.code == SQLITE_OK else { throw failure(values.code, in: db) }
        let code = unsafe sqlite3_step(statement.sqliteStatement)
        guard code == SQLITE_ROW || code == SQLITE_DONE else { throw failure(code, in: db) }
        return code == expected
    }

    private func reset() { _ = unsafe sqlite3_reset(statement.sqliteStatement) }

    private func failure(_ code: Int32, in db: Database) -> DatabaseError {
        DatabaseError(resultCode: ResultCode(rawValue: code), message: db.lastErrorMessage)
    }
}
