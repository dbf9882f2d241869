import Gateway
import GRDB
import StoreSQLite

/// Returns the error of opening a store; `nil` if it opens.
func openingError(of path: String) -> StoreError? {
    do throws(StoreError) {
        _ = try SQLiteTaskStore.open(path: path)
        return nil
    } catch {
        return error
    }
}

/// Changes the file of a store that is not open.
func edit(_ path: String, _ sql: String) throws {
    let database = try DatabaseQueue(path: path)
    try database.writeWithoutTransaction { try $0.execute(sql: sql) }
    try database.close()
}
