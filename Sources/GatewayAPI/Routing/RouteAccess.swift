/// The requests that a route accepts.
enum RouteAccess: Sendable {
    /// Requests that pass the access rules.
    case client
    /// Every request, whatever its Host and Origin. For health checks, whose responses hold nothing that a
    /// page of another site could use.
    case healthCheck
}
