package import Gateway
import GRDB

extension SQLiteTaskStore: ClientStore {
    package func clients() async throws(StoreError) -> [Client] {
        try await readers.read { db in try StoredClients.all(db) }
    }

    package func changeClient(
        _ name: String, _ change: @escaping @Sendable (Client?) throws(ClientError) -> Client
    ) async throws(StoreError) -> Result<Client, ClientError> {
        try await writer.perform(bytes: 1_000) { transaction in
            let db = transaction.db
            let known = try StoredClients.client(name, in: db)
            var client: Client
            do throws(ClientError) { client = try change(known) } catch { return .failure(error) }
            client.version = (known?.version ?? 0) + 1
            try StoredClients.save(client, in: db)
            return .success(client)
        }
    }
}
