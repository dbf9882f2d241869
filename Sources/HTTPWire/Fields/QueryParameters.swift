/// The query of a request target as `name=value` pairs.
package struct QueryParameters: Equatable, Sendable {
    private var pairs: [String: String] = [:]
    /// Names in the order of their first occurrence.
    package private(set) var names: [String] = []
    /// Names that occur more than once; the first value counts.
    package private(set) var duplicates: [String] = []

    /// Parses the part after `?`; `nil` if an escape is malformed or decodes to invalid UTF-8. A plus sign
    /// decodes to a space, as in forms.
    package init?(_ query: String?) {
        for pair in (query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentText.decode(parts[0], plusIsSpace: true),
                let value = PercentText.decode(parts.count == 2 ? parts[1] : "", plusIsSpace: true)
            else { return nil }
            if pairs[name] == nil {
                names.append(name)
                pairs[name] = value
            } else if !duplicates.contains(name) {
                duplicates.append(name)
            }
        }
    }

    package subscript(name: String) -> String? { pairs[name] }
}
