package import Gateway
import Synchronization

extension MemoryTaskStore: ClientStore, SessionStore {
    package func clients() async throws(StoreError) -> [Client] {
        try access { _ throws(StoreError) in memoryClients.all }
    }

    package func changeClient(
        _ name: String, _ change: @escaping @Sendable (Client?) throws(ClientError) -> ClientChange
    ) async throws(StoreError) -> Result<Client, ClientError> {
        try access(writes: true) { state throws(StoreError) in
            memoryClients.change(name, change).map { change in
                state.audit.append(change.audit)
                return change.client
            }
        }
    }

    package func sessions() async throws(StoreError) -> [Session] {
        try access { _ throws(StoreError) in memorySessions.all }
    }

    package func insertSession(
        _ session: Session, deleting ended: [TokenDigest]
    ) async throws(StoreError) {
        try access(writes: true) { _ throws(StoreError) in memorySessions.insert(session, deleting: ended) }
    }

    package func deleteSession(_ digest: TokenDigest) async throws(StoreError) {
        try access(writes: true) { _ throws(StoreError) in memorySessions.delete(digest) }
    }
}
