/// The value of `If-Match` or `If-None-Match`.
package enum EntityTagList: Equatable, Sendable {
    case any
    case tags([EntityTag])

    /// Parses the field lines; `nil` if they are malformed.
    package static func parse(_ values: [String]) -> EntityTagList? {
        let text = values.joined(separator: ",")
        if values.count == 1, text == "*" { return .any }
        var scanner = FieldScanner(text)
        var tags: [EntityTag] = []
        while true {
            while scanner.skipSpace(), scanner.scan(",") {}
            if scanner.isAtEnd { return tags.isEmpty ? nil : .tags(tags) }
            guard let tag = scanner.entityTag() else { return nil }
            tags.append(tag)
            guard scanner.skipSpace(), scanner.isAtEnd || scanner.scan(",") else { return nil }
        }
    }
}
