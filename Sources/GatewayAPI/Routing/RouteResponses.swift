import GatewayProtocol

/// The responses of a route, apart from those that every route may have.
struct RouteResponses: Equatable, Sendable {
    /// The statuses of success.
    var statuses: Set<Int> = [200]
    /// The error codes of failure.
    var problems: Set<ProblemCode> = []

    /// The responses of a page that clients revalidate.
    static let page = RouteResponses(statuses: [200, 304], problems: [.preconditionFailed])

    /// Error codes that every route may respond with: of the HTTP layer, of access and routing, and of a
    /// gateway that cannot serve at all.
    static let common: Set<ProblemCode> = [
        .unauthorized, .forbidden, .rateLimited,
        .badRequest, .bodyTooLarge, .crossSite, .hostNotAllowed, .internalError, .methodNotAllowed,
        .shuttingDown, .storeUnavailable,
    ]

    /// Error codes of the HTTP layer, with which no request reaches its route.
    static let transport: Set<ProblemCode> = [
        .requestTimeout, .targetTooLong, .expectationFailed, .misdirectedRequest, .headersTooLarge,
        .notImplemented, .starting, .tlsRequired, .tooManyBodies, .tooManyConnections,
    ]
}
