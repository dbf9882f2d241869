/// Durable storage of clients. A call that returns without an error has reached the disk (fsync).
package protocol ClientStore: Sendable {
    /// Returns all clients.
    func clients() async throws(StoreError) -> [Client]

    /// Changes or adds one client in one transaction: of concurrent changes each sees the one before.
    ///
    /// - Parameter change: Receives the stored client, `nil` if there is none, and returns the new one, whose
    ///   version the store sets, with the record of the change. What it throws changes nothing and is the
    ///   result.
    func changeClient(
        _ name: String, _ change: @escaping @Sendable (Client?) throws(ClientError) -> ClientChange
    ) async throws(StoreError) -> Result<Client, ClientError>
}
