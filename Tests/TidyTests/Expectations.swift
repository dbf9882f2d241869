import Testing

/// Fails with one line for each violation, `path:line: message`.
func expectNone(_ violations: [String], _ location: SourceLocation = #_sourceLocation) {
    #expect(violations.isEmpty, "\n\(violations.joined(separator: "\n"))", sourceLocation: location)
}

/// Fails for each violation whose key is not `pending`, and for each `pending` key without a violation.
///
/// A pending key is a file or a name that does not follow the rule yet. The list only gets shorter.
func expectNone(
    _ violations: [(key: String, message: String)], except pending: Set<String>,
    _ location: SourceLocation = #_sourceLocation
) {
    let keys = Set(violations.map(\.key))
    let stale = pending.subtracting(keys).sorted()
        .map { "\($0) follows the rule now: remove it from the list in \(location.fileName)'s folder" }
    expectNone(violations.filter { !pending.contains($0.key) }.map(\.message) + stale, location)
}
