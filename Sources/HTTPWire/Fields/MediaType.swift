/// A media type (RFC 9110 §8.3.1), in lowercase.
package struct MediaType: Equatable, Sendable {
    package let type: String
    package let subtype: String
    /// Parameters with lowercase names and unquoted values as sent.
    package private(set) var parameters: [Parameter] = []

    /// One parameter of a media type.
    package struct Parameter: Equatable, Sendable {
        package let name: String
        package let value: String
    }

    /// Parses a `Content-Type`; `nil` if it is malformed.
    package init?(_ text: String) {
        var scanner = FieldScanner(text)
        guard let type = scanner.token(), scanner.scan("/"), let subtype = scanner.token() else { return nil }
        self.type = type.lowercased()
        self.subtype = subtype.lowercased()
        while scanner.skipSpace(), !scanner.isAtEnd {
            guard scanner.scan(";"), scanner.skipSpace() else { return nil }
            // RFC 9110 §5.6.6: parameters may be empty, but `=` has no whitespace around it.
            guard let name = scanner.token() else { continue }
            guard scanner.scan("="), let value = scanner.word() else { return nil }
            parameters.append(Parameter(name: name.lowercased(), value: value))
        }
    }

    /// Returns whether a value is a list, which `Content-Type` never is.
    package static func isList(_ text: String) -> Bool {
        var scanner = FieldScanner(text)
        return scanner.listElement() != nil && !scanner.isAtEnd
    }

    /// The value of the first parameter with this lowercase name.
    package subscript(name: String) -> String? {
        parameters.first { $0.name == name }?.value
    }

    /// Whether it is `application/json` in UTF-8, the only valid encoding of JSON (RFC 8259 §8.1).
    package var isJSON: Bool {
        guard type == "application", subtype == "json" else { return false }
        return ["utf-8", "utf8", "us-ascii"].contains(self["charset"]?.lowercased() ?? "utf-8")
    }
}
