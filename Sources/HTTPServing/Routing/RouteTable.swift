import HTTPWire

/// The routes of a `Router` as numbers: not generic, so that a lookup from another module runs fast.
struct RouteTable: Sendable {
    enum Match {
        case found(Int, PathParameters)
        case options(allow: String)
        case wrongMethod(allow: String)
        case badEncoding
        case notFound
    }

    private struct Entry {
        let method: String
        /// Each with the position of its segment in the path.
        let parameters: [(name: String, segment: Int)]
        let route: Int
    }

    private struct Node {
        var literals: [(segment: [UInt8], node: Int)] = []
        var parameter: Int?
        var entries: [Entry] = []
        var allow = ""
    }

    private var nodes = [Node()]
    private var methods: [String] = []

    mutating func add(_ method: String, _ pattern: String, _ route: Int) {
        precondition(pattern.hasPrefix("/"), "a pattern begins with /")
        var node = 0
        var parameters: [(name: String, segment: Int)] = []
        let segments = pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for (position, segment) in segments.enumerated() {
            if segment.hasPrefix("{"), segment.hasSuffix("}") {
                parameters.append((String(segment.dropFirst().dropLast()), position))
                node = parameterChild(of: node)
            } else {
                node = literalChild(of: node, Array(segment.utf8))
            }
        }
        precondition(
            !nodes[node].entries.contains { $0.method == method }, "\(method) \(pattern) is a duplicate")
        nodes[node].entries.append(Entry(method: method, parameters: parameters, route: route))
        nodes[node].allow = Self.allow(nodes[node].entries.map(\.method))
        methods.append(method)
    }

    func find(_ method: String, _ path: String) -> Match {
        // RFC 9110 §9.3.7: the asterisk asks about the server as a whole.
        if path == "*" { return method == "OPTIONS" ? .options(allow: Self.allow(methods)) : .notFound }
        let bytes = path.utf8.span
        guard !bytes.isEmpty, bytes[0] == UInt8(ascii: "/"), let node = descend(0, bytes, 1) else {
            return .notFound
        }
        guard let index = entry(of: node, for: method) else {
            let allow = nodes[node].allow
            return method == "OPTIONS" ? .options(allow: allow) : .wrongMethod(allow: allow)
        }
        guard let parameters = parameters(of: nodes[node].entries[index], in: path) else {
            return .badEncoding
        }
        return .found(nodes[node].entries[index].route, parameters)
    }

    private func entry(of node: Int, for method: String) -> Int? {
        let entries = nodes[node].entries
        for index in entries.indices where entries[index].method == method { return index }
        return method == "HEAD" ? entries.firstIndex { $0.method == "GET" } : nil
    }

    private func parameters(of entry: Entry, in path: String) -> PathParameters? {
        var parameters = PathParameters()
        let bytes = path.utf8.span
        var (start, position) = (1, 0)
        for (name, place) in entry.parameters {
            while position < place {
                start = Self.endOfSegment(bytes, start) + 1
                position += 1
            }
            let first = path.utf8.index(path.startIndex, offsetBy: start)
            let length = Self.endOfSegment(bytes, start) - start
            let segment = path[first..<path.utf8.index(first, offsetBy: length)]
            guard let value = Self.decoded(segment) else { return nil }
            parameters.append(name, value)
        }
        return parameters
    }

    /// Returns a decoded segment; `nil` if an escape is invalid or encodes a zero byte.
    private static func decoded(_ segment: Substring) -> String? {
        guard segment.utf8.contains(UInt8(ascii: "%")) else { return String(segment) }
        guard let text = PercentText.decode(segment), !text.utf8.contains(0) else { return nil }
        return text
    }

    private static func endOfSegment(_ path: Span<UInt8>, _ start: Int) -> Int {
        var end = start
        while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
        return end
    }

    /// Returns the node of a path. A literal is preferred to a parameter, which is tried if the literal
    /// does not match the rest.
    private func descend(_ node: Int, _ path: Span<UInt8>, _ start: Int) -> Int? {
        let end = Self.endOfSegment(path, start)
        for (literal, child) in nodes[node].literals where Self.equal(path, start..<end, literal) {
            if let found = follow(child, path, end) { return found }
        }
        guard let child = nodes[node].parameter, start < end else { return nil }
        return follow(child, path, end)
    }

    private func follow(_ child: Int, _ path: Span<UInt8>, _ end: Int) -> Int? {
        if end < path.count { return descend(child, path, end + 1) }
        return nodes[child].entries.isEmpty ? nil : child
    }

    private static func equal(_ path: Span<UInt8>, _ range: Range<Int>, _ literal: [UInt8]) -> Bool {
        guard range.count == literal.count else { return false }
        for index in literal.indices where path[range.lowerBound + index] != literal[index] { return false }
        return true
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
