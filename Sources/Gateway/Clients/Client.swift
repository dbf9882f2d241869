package import VideoJobs

/// A client of the gateway: who may call, and how much of the shared account it may use.
package struct Client: Equatable, Sendable {
    /// 1–64 of a–z, 0–9, `.`, `_` and `-`, beginning with a letter or digit.
    package let name: String
    package var role: ClientRole
    /// The models that it may use; `nil` for all.
    package var models: [String]?
    package var limits: ClientLimits
    /// `nil` for no budget.
    package var budget: ClientBudget?
    /// The client's share of the queue, relative to others: 1…100.
    package var weight: Int
    /// Newest first; none after a revocation.
    package var tokens: [IssuedToken]
    package let created: Timestamp
    /// When all tokens were revoked; `nil` unless that was the last change of tokens.
    package var revoked: Timestamp?
    /// The number of durable changes, from 1.
    package var version: Int

    /// Makes a client without tokens.
    package init(
        name: String, role: ClientRole = .submitter, models: [String]? = nil,
        limits: ClientLimits = ClientLimits(), budget: ClientBudget? = nil, weight: Int = 1,
        created: Timestamp
    ) {
        self.name = name
        self.role = role
        self.models = models
        self.limits = limits
        self.budget = budget
        self.weight = weight
        self.tokens = []
        self.created = created
        self.version = 1
    }

    /// The range of `weight`.
    package static let weights = 1...100
    /// Tokens of one client that are valid at once, at most; further rotations end the oldest.
    package static let tokensMax = 4

    /// Names that the gateway uses itself: the client of open access, and callers on the operator socket.
    package static let reservedNames: Set<String> = ["open", "operator"]

    /// Whether a text can be a client's name.
    package static func isValidName(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= 64, isAlphanumeric(first) else { return false }
        return name.utf8.allSatisfy { isAlphanumeric($0) || "._-".utf8.contains($0) }
            && !reservedNames.contains(name)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// Whether it may use a model.
    package func mayUse(model: String) -> Bool { models?.contains(model) ?? true }
}

// Changes of a client's tokens.
extension Client {
    /// Adds a token. The others become invalid when the overlap ends.
    mutating func rotate(to digest: TokenDigest, at now: Timestamp, overlap: Duration) {
        let end = now + overlap
        var kept = tokens.filter { $0.isValid(at: now) && overlap > .zero }
        for index in kept.indices { kept[index].expires = min(kept[index].expires ?? end, end) }
        tokens = [IssuedToken(digest: digest, issued: now)] + kept.prefix(Self.tokensMax - 1)
        revoked = nil
    }

    /// Makes all tokens invalid.
    mutating func revoke(at now: Timestamp) {
        tokens = []
        revoked = now
    }
}
