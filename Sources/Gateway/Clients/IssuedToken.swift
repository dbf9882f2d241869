package import VideoJobs

/// What is stored of one token of a client: never the token itself.
package struct IssuedToken: Equatable, Sendable {
    package let digest: TokenDigest
    package let issued: Timestamp
    /// When the token becomes invalid, after a rotation with an overlap; `nil` for never.
    package var expires: Timestamp?

    package init(digest: TokenDigest, issued: Timestamp, expires: Timestamp? = nil) {
        self.digest = digest
        self.issued = issued
        self.expires = expires
    }

    /// Whether the token is valid at a time.
    func isValid(at now: Timestamp) -> Bool { expires.map { now < $0 } ?? true }
}
