import Testing

/// Fails with one line for each violation, `path:line: message`.
func expectNone(_ violations: [String], _ location: SourceLocation = #_sourceLocation) {
    #expect(violations.isEmpty, "\n\(violations.joined(separator: "\n"))", sourceLocation: location)
}
