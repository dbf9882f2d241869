package import Gateway
import GRDB

extension SQLiteTaskStore {
    /// Returns the clients of a store that a gateway may be using; `nil` if there is no store of this version
    /// at the path.
    package static func clients(inStoreAt path: String) -> [Client]? {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(1)
        guard let database = try? DatabaseQueue(path: path, configuration: configuration) else { return nil }
        defer { try? database.close() }
        return try? database.read { db in try StoredClients.all(db) }
    }
}
