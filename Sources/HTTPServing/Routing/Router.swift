package import HTTPWire

/// Finds what serves a method and path. Patterns are literal segments and `{name}` for one segment of
/// anything.
///
/// Lookup is synchronous and allocates nothing but the parameters.
package struct Router<Route: Sendable>: Sendable {
    /// What a lookup found.
    package enum Match: Sendable {
        case found(Route, PathParameters)
        /// An OPTIONS request to a path that has no route of its own for it; answer 204 with this `Allow`.
        case options(allow: String)
        /// Something is there, but not for this method (405, with this `Allow`).
        case wrongMethod(allow: String)
        /// A parameter's percent-encoding makes no sense (400).
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

    /// Looks up a method and a path whose percent-encoding is untouched.
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

/// What stood in the path where the pattern has `{name}`, percent-decoded.
package struct PathParameters: Equatable, Sendable {
    // The first one stands alone, since most routes have one: that spares an array.
    private var firstName = ""
    private var firstValue = ""
    private var others: [String: String] = [:]

    package init() {}

    mutating func append(_ name: String, _ value: String) {
        if firstName.isEmpty {
            (firstName, firstValue) = (name, value)
        } else {
            others[name] = value
        }
    }

    /// The parameter of this name; traps if the route's pattern has none.
    package subscript(name: String) -> String {
        if name == firstName { return firstValue }
        guard let value = others[name] else { preconditionFailure("the pattern has no {\(name)}") }
        return value
    }
}
