package import VideoJobs

/// A browser's session: the browser sends its secret in place of a client's token, until the session expires
/// or the token becomes invalid.
package struct Session: Equatable, Sendable {
    /// The digest of the secret in the browser's cookie.
    package let digest: TokenDigest
    /// The client that the token belongs to.
    package let client: String
    /// The digest of the token that the session was opened with.
    package let token: TokenDigest
    package let created: Timestamp
    package let expires: Timestamp

    package init(
        digest: TokenDigest, client: String, token: TokenDigest, created: Timestamp, expires: Timestamp
    ) {
        self.digest = digest
        self.client = client
        self.token = token
        self.created = created
        self.expires = expires
    }
}
