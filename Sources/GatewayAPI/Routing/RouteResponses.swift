import GatewayProtocol

/// The responses of a route, apart from those that every route may have.
struct RouteResponses: Equatable, Sendable {
    /// The statuses of success.
    var statuses: Set<Int> = [200]
    /// The error codes of failure.
    var problems: Set<ProblemCode> = []

    /// Error codes that every route may respond with: of the HTTP layer, of access and routing, and of a
    /// gateway that cannot serve at all.
    static let common: Set<ProblemCode> = [
        .unauthorized, .forbidden, .rateLimited,
        .badRequest, .bodyTooLarge, .crossSite, .hostNotAllowed, .internalError, .methodNotAllowed,
        .shuttingDown, .storeUnavailable,
    ]
}
