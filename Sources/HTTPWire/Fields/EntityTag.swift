/// An entity tag (RFC 9110 §8.8.3).
package struct EntityTag: Equatable, Sendable {
    /// The text between the quotes.
    package let opaque: String
    package let isWeak: Bool

    package init(_ opaque: String, isWeak: Bool = false) {
        self.opaque = opaque
        self.isWeak = isWeak
    }

    /// Parses a text that consists of one entity tag.
    package static func parse(_ text: String) -> EntityTag? {
        var scanner = FieldScanner(text)
        guard let tag = scanner.entityTag(), scanner.isAtEnd else { return nil }
        return tag
    }

    /// The form in a field value.
    package var text: String { (isWeak ? "W/\"" : "\"") + opaque + "\"" }

    /// Returns the strong comparison (§8.8.3.2): the representations are identical.
    package func isStronglyEqual(to other: EntityTag) -> Bool {
        !isWeak && !other.isWeak && opaque == other.opaque
    }

    /// Returns the weak comparison (§8.8.3.2): the representations are equivalent.
    package func isWeaklyEqual(to other: EntityTag) -> Bool {
        opaque == other.opaque
    }
}
