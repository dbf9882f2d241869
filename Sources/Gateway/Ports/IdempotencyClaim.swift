/// A client's `Idempotency-Key` with a fingerprint of the job it stands for; unique per client.
package struct IdempotencyClaim: Equatable, Sendable {
    package var client: String
    package var key: String
    /// As `JobFingerprint` writes it.
    package var fingerprint: String

    package init(client: String, key: String, fingerprint: String) {
        self.client = client
        self.key = key
        self.fingerprint = fingerprint
    }
}
