/// A named value of a span or a resource.
package struct SpanAttribute: Equatable, Sendable {
    package enum Value: Equatable, Sendable {
        case text(String)
        case integer(Int64)
        case truth(Bool)
    }

    /// Characters of a text; the rest is cut off.
    private static let charactersMax = 512

    package let name: String
    package let value: Value

    package init(_ name: String, _ text: String) {
        self.name = name
        value = .text(String(text.prefix(Self.charactersMax)))
    }

    package init(_ name: String, _ number: some BinaryInteger) {
        self.name = name
        value = .integer(Int64(clamping: number))
    }

    package init(_ name: String, _ truth: Bool) {
        self.name = name
        value = .truth(truth)
    }
}
