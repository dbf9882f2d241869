package import Gateway
import GRDB

extension SQLiteTaskStore: ClientStore {
    package func clients() async throws(StoreError) -> [Client] {
        try await readers.read { db in try StoredClients.all(db) }
    }

    package func changeClient(
        _ name: String, _ make: @escaping @Sendable (Client?) throws(ClientError) -> ClientChange
    ) async throws(StoreError) -> Result<Client, ClientError> {
        try await writer.perform(bytes: 1_000) { transaction in
            let db = transaction.db
            let known = try StoredClients.client(name, in: db)
            let change: ClientChange
            do throws(ClientError) { change = try make(known) } catch { return .failure(error) }
            var client = change.client
            client.version = (known?.version ?? 0) + 1
            try StoredClients.save(client, in: db)
            try AuditMutations.insert(change.audit, ofTask: nil, in: transaction)
            return .success(client)
        }
    }
}
