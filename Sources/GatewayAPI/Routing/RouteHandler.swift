import HTTPServing

/// The function that responds to a route's requests.
enum RouteHandler: Sendable {
    /// Responds in the turn of the loop in which the request was received. Must not block.
    case immediate(@Sendable (RouteRequest) throws(Problem) -> HTTPResponse)
    /// Responds when the body was collected and whatever it awaits has happened.
    case asynchronous(@Sendable (RouteRequest) async throws -> HTTPResponse)
    /// Responds in the turn of the loop if all that it needs is in memory, otherwise asynchronously. A burst
    /// of such requests has no work under way together.
    case eager(
        @Sendable (RouteRequest) throws(Problem) -> HTTPResponse?,
        otherwise: @Sendable (RouteRequest) async throws -> HTTPResponse)
}
