/// Durable storage of browsers' sessions. A call that returns without an error has reached the disk (fsync).
package protocol SessionStore: Sendable {
    /// Returns all sessions, expired ones included.
    func sessions() async throws(StoreError) -> [Session]

    /// Stores a new session and deletes others, in one transaction. An unknown digest is no error.
    func insertSession(_ session: Session, deleting ended: [TokenDigest]) async throws(StoreError)

    /// Deletes a session. An unknown digest is no error.
    func deleteSession(_ digest: TokenDigest) async throws(StoreError)
}
