import Testing

/// The limits of the style guide on files and functions.
@Suite struct SizeTests {
    @Test func `no file is longer than 300 lines, no line longer than 110 columns`() {
        expectNone(
            SourceTree.swiftFiles.flatMap { file in
                let long = file.lines.count > 300 ? ["\(file.path):300: \(file.lines.count) lines"] : []
                return long
                    + file.lines.indices.filter { file.lines[$0].count > 110 }
                    .map { "\(file.location(ofLine: $0)): \(file.lines[$0].count) columns" }
            })
    }

    @Test func `no function has more than 40 lines, 4 parameters or 3 levels`() {
        expectNone(
            SourceTree.swiftFiles.flatMap { file in
                FunctionScan.functions(in: file).flatMap { function in
                    let location = file.location(ofLine: function.line)
                    var violations: [String] = []
                    if function.bodyLines > 40 {
                        violations.append("\(location): \(function.bodyLines) lines")
                    }
                    // Initializers name what a value holds; that is as many as it is.
                    if function.parameters > 4, !function.isInitializer, file.isSource {
                        violations.append("\(location): \(function.parameters) parameters")
                    }
                    // Tests run closures in closures, on a loop, in a task, under a lock.
                    if function.nesting > (file.isSource ? 3 : 5) {
                        violations.append("\(location): nested \(function.nesting) deep")
                    }
                    return violations
                }
            })
    }
}
