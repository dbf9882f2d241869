import Gateway
import Synchronization

/// The clients of a store in memory.
final class MemoryClients: Sendable {
    private let stored = Mutex<[String: Client]>([:])

    var all: [Client] { stored.withLock { $0.values.sorted { $0.name < $1.name } } }

    func change(
        _ name: String, _ change: (Client?) throws(ClientError) -> ClientChange
    ) -> Result<ClientChange, ClientError> {
        stored.withLock { stored in
            do throws(ClientError) {
                var change = try change(stored[name])
                change.client.version = (stored[name]?.version ?? 0) + 1
                stored[name] = change.client
                return .success(change)
            } catch { return .failure(error) }
        }
    }
}
