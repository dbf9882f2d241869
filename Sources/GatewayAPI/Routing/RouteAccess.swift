/// The requests that a route accepts.
enum RouteAccess: Sendable {
    /// Requests of any client that pass the access rules.
    case client
    /// Requests of operators.
    case `operator`
    /// Requests that pass the access rules, also without a token.
    case anyone
    /// Every request, whatever its Host and Origin. For health checks, whose responses hold nothing that a
    /// page of another site could use.
    case healthCheck
}
