package import HTTPWire

/// Finds the route of a method and path. Patterns consist of literal segments and `{name}`, which matches any
/// one segment.
///
/// Lookup is synchronous and allocates nothing but the parameters.
package struct Router<Route: Sendable>: Sendable {
    /// The result of a lookup.
    package enum Match: Sendable {
        case found(Route, PathParameters)
        /// An OPTIONS request to a path without an OPTIONS route: 204 with this `Allow`.
        case options(allow: String)
        /// The path has routes, but none for this method: 405 with this `Allow`.
        case wrongMethod(allow: String)
        /// A parameter's percent-encoding is invalid (400).
        case badEncoding
        case notFound
    }

    private var table = RouteTable()
    private var routes: [Route] = []

    package init() {}

    /// Adds a route. GET routes serve HEAD too, unless one is added for it.
    package mutating func add(_ method: String, _ pattern: String, _ route: Route) {
        table.add(method, pattern, routes.count)
        routes.append(route)
    }

    /// Looks up a request.
    package func find(_ head: RequestHead) -> Match { find(head.method, head.path) }

    /// Looks up a method and a path that is still percent-encoded.
    package func find(_ method: String, _ path: String) -> Match {
        switch table.find(method, path) {
        case .found(let index, let parameters): .found(routes[index], parameters)
        case .options(let allow): .options(allow: allow)
        case .wrongMethod(let allow): .wrongMethod(allow: allow)
        case .badEncoding: .badEncoding
        case .notFound: .notFound
        }
    }
}
