import HTTPServing

/// The function that responds to a route's requests.
enum RouteHandler: Sendable {
    /// Responds in the turn of the loop in which the request was received. Must not block.
    case immediate(@Sendable (RouteRequest) throws(Problem) -> HTTPResponse)
    /// Responds when the body was collected and whatever it awaits has happened.
    case asynchronous(@Sendable (RouteRequest) async throws -> HTTPResponse)
}
