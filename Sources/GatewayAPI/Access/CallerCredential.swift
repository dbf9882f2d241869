import Gateway
import HTTPServing

/// What identifies the caller of a request, for responses that last longer than the check of their request:
/// waits and event streams.
enum CallerCredential: Sendable {
    /// Open access, as long as the gateway has it.
    case open(Caller, OpenAccess)
    /// The operator socket: nothing that can be revoked.
    case permanent(Caller)
    case token(TokenDigest)
    case session(TokenDigest)

    /// The credential of a request that was authenticated.
    init(_ request: RouteRequest, _ settings: APISettings) {
        let (head, context) = (request.head, request.context)
        if case .operatorSocket = context.principal {
            self = .permanent(request.caller)
            return
        }
        guard settings.access == .tokens, case .client = context.principal else {
            self = .open(request.caller, settings.openAccess)
            return
        }
        if let token = BearerToken(head) {
            self = .token(settings.tokenDigest(token.bytes))
        } else if case .secret(let secret) = SessionCookies(publicURL: settings.publicURL).read(head, context)
        {
            self = .session(settings.tokenDigest(Array(secret.utf8)[...]))
        } else {
            self = .permanent(request.caller)
        }
    }

    /// Returns the caller that it identifies now; `nil` if it was revoked or has ended.
    func caller(in gateway: VideoGateway) -> Caller? {
        switch self {
        case .open(let caller, let access): access.isPermitted ? caller : nil
        case .permanent(let caller): caller
        case .token(let digest): gateway.clients.caller(with: digest)
        case .session(let digest): gateway.sessions.caller(with: digest)
        }
    }
}
