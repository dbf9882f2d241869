import Gateway

/// The digest of the token in a head, kept while a client repeats the head.
final class DigestedToken: Sendable {
    let digest: TokenDigest

    init(_ digest: TokenDigest) { self.digest = digest }
}
