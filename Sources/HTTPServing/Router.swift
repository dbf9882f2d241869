package import HTTPWire

/// Finds what serves a method and path. Patterns are literal segments and `{name}` for one segment of
/// anything.
///
/// Lookup is synchronous and makes nothing but the parameters, so that it may be used in `answerNow`.
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

    private struct Entry {
        let method: String
        let names: [String]
        let route: Route
    }

    private struct Node {
        var literals: [(segment: [UInt8], node: Int)] = []
        var parameter: Int?
        var entries: [Entry] = []
        var allow = ""
    }

    private var nodes = [Node()]
    private var methods: [String] = []

    package init() {}

    /// Adds a route. GET routes serve HEAD too, unless one is added for it.
    package mutating func add(_ method: String, _ pattern: String, _ route: Route) {
        precondition(pattern.hasPrefix("/"), "a pattern begins with /")
        var node = 0
        var names: [String] = []
        for segment in pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            if segment.hasPrefix("{"), segment.hasSuffix("}") {
                names.append(String(segment.dropFirst().dropLast()))
                node = parameterChild(of: node)
            } else {
                node = literalChild(of: node, Array(segment.utf8))
            }
        }
        precondition(
            !nodes[node].entries.contains { $0.method == method }, "\(method) \(pattern) stands twice")
        nodes[node].entries.append(Entry(method: method, names: names, route: route))
        nodes[node].allow = Self.allow(nodes[node].entries.map(\.method))
        methods.append(method)
    }

    /// Looks up a request.
    package func find(_ head: RequestHead) -> Match { find(head.method, head.path) }

    /// Looks up a method and a path whose percent-encoding is untouched.
    package func find(_ method: String, _ path: String) -> Match {
        // RFC 9110 §9.3.7: the asterisk asks about the server as a whole.
        if path == "*" { return method == "OPTIONS" ? .options(allow: Self.allow(methods)) : .notFound }
        let bytes = path.utf8
        guard bytes.first == UInt8(ascii: "/") else { return .notFound }
        var segments: [Substring.UTF8View] = []
        guard let node = descend(0, bytes.dropFirst(), &segments) else { return .notFound }
        return match(method, nodes[node], segments)
    }

    private func match(_ method: String, _ node: Node, _ segments: [Substring.UTF8View]) -> Match {
        guard
            let entry = node.entries.first(where: { $0.method == method })
                ?? node.entries.first(where: { method == "HEAD" && $0.method == "GET" })
        else { return method == "OPTIONS" ? .options(allow: node.allow) : .wrongMethod(allow: node.allow) }
        var parameters = PathParameters()
        for (name, segment) in zip(entry.names, segments) {
            guard let value = PercentEncoding.decode(segment) else { return .badEncoding }
            parameters.append(name, value)
        }
        return .found(entry.route, parameters)
    }

    /// The node of a path. A literal goes before a parameter, which is tried where the literal leads nowhere.
    private func descend(
        _ node: Int, _ rest: Substring.UTF8View, _ segments: inout [Substring.UTF8View]
    ) -> Int? {
        let end = rest.firstIndex(of: UInt8(ascii: "/"))
        let segment = rest[..<(end ?? rest.endIndex)]
        for (literal, child) in nodes[node].literals where segment.elementsEqual(literal) {
            if let found = follow(child, rest, end, &segments) { return found }
        }
        guard let child = nodes[node].parameter, !segment.isEmpty else { return nil }
        segments.append(segment)
        if let found = follow(child, rest, end, &segments) { return found }
        segments.removeLast()
        return nil
    }

    private func follow(
        _ child: Int, _ rest: Substring.UTF8View, _ end: String.Index?,
        _ segments: inout [Substring.UTF8View]
    ) -> Int? {
        guard let end else { return nodes[child].entries.isEmpty ? nil : child }
        return descend(child, rest[rest.index(after: end)...], &segments)
    }

    private mutating func parameterChild(of node: Int) -> Int {
        if let child = nodes[node].parameter { return child }
        nodes.append(Node())
        nodes[node].parameter = nodes.count - 1
        return nodes.count - 1
    }

    private mutating func literalChild(of node: Int, _ segment: [UInt8]) -> Int {
        if let child = nodes[node].literals.first(where: { $0.segment == segment }) { return child.node }
        nodes.append(Node())
        nodes[node].literals.append((segment, nodes.count - 1))
        return nodes.count - 1
    }

    private static func allow(_ methods: [String]) -> String {
        var all = Set(methods + ["OPTIONS"])
        if all.contains("GET") { all.insert("HEAD") }
        return all.sorted().joined(separator: ", ")
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
