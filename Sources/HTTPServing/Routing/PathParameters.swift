/// The segments of a path at the places of `{name}` in the pattern, percent-decoded.
package struct PathParameters: Equatable, Sendable {
    // The first one is kept apart, since most routes have one: no dictionary is allocated.
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
