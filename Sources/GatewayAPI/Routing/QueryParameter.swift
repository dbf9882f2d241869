/// A query parameter that an endpoint accepts.
struct QueryParameter: Equatable, Sendable {
    /// The values that it accepts.
    enum Values: Equatable, Sendable {
        /// Any text but an empty one.
        case text
        /// Any text, also an empty one.
        case anyText
        /// A text that matches a regular expression.
        case pattern(String)
        case integers(ClosedRange<Int>)
        case choice([String])
    }

    let name: String
    var values = Values.text
    /// What it does, for the description of the API.
    var summary = ""

    init(_ name: String, _ values: Values = .text, _ summary: String = "") {
        self.name = name
        self.values = values
        self.summary = summary
    }

    /// A parameter with the values of an enumeration.
    init<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, of _: Choice.Type, _ summary: String = ""
    ) {
        self.init(name, .choice(Choice.allCases.map(\.rawValue)), summary)
    }
}

extension QueryParameter: ExpressibleByStringLiteral {
    init(stringLiteral name: String) { self.init(name) }
}
