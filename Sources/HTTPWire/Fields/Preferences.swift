/// The preferences of a `Prefer` field (RFC 7240) that are supported.
package struct Preferences: Equatable, Sendable {
    /// `respond-async`: do not wait for the work to complete.
    package private(set) var respondsAsync = false
    /// `wait=N`: how many seconds the client wants to wait.
    package private(set) var wait: Int?

    /// Parses all `Prefer` fields. Unknown and malformed preferences are ignored; of several with one name
    /// the first counts (§2).
    package init(_ values: [String]) {
        var seen: Set<String> = []
        for value in values {
            var scanner = FieldScanner(value)
            while let element = scanner.listElement() {
                var preference = FieldScanner(element)
                guard let name = preference.token()?.lowercased(), seen.insert(name).inserted else {
                    continue
                }
                apply(name, preference.assignedWord(), isComplete: preference.isAtParameters)
            }
        }
    }

    private mutating func apply(_ name: String, _ value: String?, isComplete: Bool) {
        guard isComplete else { return }
        switch name {
        // §2: an empty value equals none.
        case "respond-async" where (value ?? "").isEmpty: respondsAsync = true
        case "wait": wait = value.flatMap { DecimalText.value($0[...]) }.map { Int($0) }
        default: break
        }
    }
}
