import Gateway
import GatewayProtocol
import HTTPServing
import HTTPWire

/// Finds the client that a request's token or session belongs to.
///
/// A class, because each request would copy what a value holds.
final class Authentication: Sendable {
    /// What the token or the session of a request proves.
    enum Outcome {
        case client(Caller)
        /// There is no valid token; the reason is for the log and the response.
        case rejected(reason: String)
        /// A page of another origin may have sent the session's cookie.
        case crossSite
    }

    private let clients: ClientRegistry
    private let sessions: SessionRegistry
    private let cookies: SessionCookies
    private let rules: AccessRules
    private let digest: @Sendable (ArraySlice<UInt8>) -> TokenDigest

    init(_ services: APIServices, _ rules: AccessRules) {
        clients = services.gateway.clients
        sessions = services.gateway.sessions
        cookies = SessionCookies(publicURL: services.settings.publicURL)
        digest = services.settings.tokenDigest
        self.rules = rules
    }

    /// Looks at `Authorization`, or without it at the session's cookie.
    func outcome(_ head: RequestHead, _ context: RequestContext) -> Outcome {
        if let caller = caller(repeating: head) { return .client(caller) }
        if let token = BearerToken(head) { return outcome(of: token, in: head) }
        if head.fields.contains("Authorization") {
            let isRepeated = head.fields.single("Authorization") == nil
            return .rejected(
                reason: isRepeated
                    ? "Authorization is repeated" : "Authorization is not Bearer and a token")
        }
        let session = cookies.read(head, context)
        if session == .none { return .rejected(reason: "the request has no token") }
        // A browser adds a cookie by itself, to requests of any page.
        let isAllowed = Self.isRead(head) ? !rules.isEmbedded(head) : rules.isOwnPage(head, context)
        guard isAllowed else { return .crossSite }
        return outcome(of: session)
    }

    private func outcome(of session: SessionCookies.Reading) -> Outcome {
        switch session {
        case .none: return .rejected(reason: "the request has no token")
        case .ambiguous: return .rejected(reason: "the request has two different session cookies")
        case .secret(let secret):
            if let caller = sessions.caller(with: digest(Array(secret.utf8)[...])) { return .client(caller) }
            return .rejected(reason: "the session is unknown or has ended: sign in again")
        }
    }

    /// Returns the caller of a head that the client repeats, if its token is still valid: only the digest is
    /// not computed again.
    private func caller(repeating head: RequestHead) -> Caller? {
        guard let derived = head.memory.derived as? DigestedToken else { return nil }
        return clients.caller(with: derived.digest)
    }

    private func outcome(of token: BearerToken, in head: RequestHead) -> Outcome {
        let digest = digest(token.bytes)
        if let caller = clients.caller(with: digest) {
            head.memory.keep(DigestedToken(digest))
            return .client(caller)
        }
        let isWellFormed = ClientToken.isWellFormed(String(decoding: token.bytes, as: UTF8.self))
        return .rejected(
            reason: isWellFormed
                ? "the token is unknown, expired or revoked"
                : "the token is mistyped or is not a token of a gateway")
    }

    /// Takes one request from the caller's quota; `nil` for a caller without a limit.
    func consumeRequest(of caller: Caller) -> RequestQuota? { clients.consumeRequest(of: caller) }

    private static func isRead(_ head: RequestHead) -> Bool { head.method == "GET" || head.method == "HEAD" }
}

extension Problem {
    /// A request without a valid token (RFC 6750 §3).
    static func unauthorized(_ reason: String) -> Problem {
        var problem = Problem(
            .unauthorized, "\(reason); send Authorization: Bearer and the token of a client")
        problem.fields.append("WWW-Authenticate", #"Bearer realm="reelgate""#)
        return problem
    }

    /// A session's cookie on a request that a page of another origin may have caused.
    static let crossSiteSession = Problem(
        .crossSite,
        "a request with a session's cookie must come from a page of this gateway: send its Origin or "
            + "Sec-Fetch-Site: same-origin, or Authorization with a token in place of the cookie")
}
