import Testing

/// Fails with one line for each violation, `path:line: message`.
private func expectNone(_ violations: [String], _ location: SourceLocation = #_sourceLocation) {
    #expect(violations.isEmpty, "\n\(violations.joined(separator: "\n"))", sourceLocation: location)
}

/// The style guide, as far as a program can hold it.
@Suite struct SizeTests {
    @Test func `no file is longer than 300 lines, no line longer than 110 columns`() {
        expectNone(
            SourceTree.swiftFiles.flatMap { file in
                let long = file.lines.count > 300 ? ["\(file.path):300: \(file.lines.count) lines"] : []
                return long
                    + file.lines.indices.filter { file.lines[$0].count > 110 }
                    .map { "\(file.place($0)): \(file.lines[$0].count) columns" }
            })
    }

    @Test func `no folder holds more than 14 Swift files`() {
        let folders = Dictionary(grouping: SourceTree.swiftFiles, by: \.folder)
        expectNone(
            folders.filter { $0.value.count > 14 }
                .map { "\($0.key):1: \($0.value.count) Swift files" }.sorted())
    }

    @Test func `no function has more than 40 lines, 4 parameters or 3 levels`() {
        expectNone(
            SourceTree.swiftFiles.flatMap { file in
                FunctionScan.functions(in: file).flatMap { function in
                    let place = file.place(function.line)
                    var message: [String] = []
                    if function.bodyLines > 40 { message.append("\(place): \(function.bodyLines) lines") }
                    // Initializers name what a value holds; that is as many as it is.
                    if function.parameters > 4, !function.isInitializer, file.isSource {
                        message.append("\(place): \(function.parameters) parameters")
                    }
                    // Tests run closures in closures, on a loop, in a task, under a lock.
                    if function.nesting > (file.isSource ? 3 : 5) {
                        message.append("\(place): nested \(function.nesting) deep")
                    }
                    return message
                }
            })
    }
}

@Suite struct ImportTests {
    private func imports(of file: SwiftFile) -> [(line: Int, module: String)] {
        file.code.indices.compactMap { line in
            ImportTable.module(importedBy: file.code[line]).map { (line, $0) }
        }
    }

    @Test func `targets import what the architecture lets them`() {
        expectNone(
            SourceTree.swiftFiles.filter(\.isSource).flatMap { file -> [String] in
                guard let allowed = ImportTable.arrows[file.target] else {
                    return ["\(file.path):1: the target \(file.target) is not in the table"]
                }
                let system = ImportTable.pure.contains(file.target) ? [] : ImportTable.systemCalls
                return imports(of: file)
                    .filter { !allowed.union(ImportTable.everywhere).union(system).contains($0.module) }
                    .map { "\(file.place($0.line)): \(file.target) may not import \($0.module)" }
            })
    }

    @Test func `the core and the network do without Foundation`() {
        expectNone(
            SourceTree.swiftFiles.filter { ImportTable.withoutFoundation.contains($0.target) && $0.isSource }
                .flatMap { file in
                    imports(of: file).filter { $0.module.hasPrefix("Foundation") }
                        .map { "\(file.place($0.line)): imports \($0.module)" }
                })
    }

    @Test func `nothing uses SwiftNIO`() {
        expectNone(
            SourceTree.swiftFiles.flatMap { file in
                imports(of: file).filter { $0.module.hasPrefix("NIO") }
                    .map { "\(file.place($0.line)): imports \($0.module)" }
            })
    }
}

@Suite struct HabitTests {
    private func uses(_ word: String, in files: [SwiftFile]) -> [String] {
        files.flatMap { file in file.lines(using: word).map { "\(file.place($0)): \(word)" } }
    }

    private var sources: [SwiftFile] { SourceTree.swiftFiles.filter(\.isSource) }

    @Test func `unsafe code stands only in the files that are named with a reason`() {
        expectNone(
            sources.filter { UnsafeFiles.reasons[$0.path] == nil }
                .compactMap { file in file.lines(using: "unsafe").first.map { "\(file.place($0)): unsafe" } })
    }

    @Test func `every file that may be unsafe is there and is`() {
        let unsafe = Set(sources.filter { !$0.lines(using: "unsafe").isEmpty }.map(\.path))
        expectNone(UnsafeFiles.reasons.keys.filter { !unsafe.contains($0) }.sorted())
    }

    @Test func `every escape from the checks of concurrency says why`() {
        let message = ["@unchecked Sendable", "nonisolated(unsafe)", "@preconcurrency"]
        expectNone(
            SourceTree.swiftFiles.flatMap { file in
                file.code.indices.filter { line in
                    message.contains { Words.occur($0, in: file.code[line]) } && !hasComment(file, at: line)
                }
                .map { "\(file.place($0)): no reason" }
            })
    }

    /// A comment on the line, or one that ends on the line above.
    private func hasComment(_ file: SwiftFile, at line: Int) -> Bool {
        let above = line > 0 ? file.lines[line - 1].drop { $0 == " " } : ""
        return file.lines[line].contains("//") || above.hasPrefix("//")
    }

    @Test func `only commands print`() {
        let silent = sources.filter { $0.target != "Reelgate" }
        expectNone(["print(", "debugPrint(", "dump("].flatMap { uses($0, in: silent) })
    }

    @Test func `nothing tries with a shout or forces a cast`() {
        expectNone(["try!", "as!"].flatMap { uses($0, in: SourceTree.swiftFiles) })
    }

    @Test func `nothing sleeps and hopes`() {
        let message = ["Task.sleep", "Thread.sleep", "usleep(", "nanosleep(", "Glibc.sleep("]
        // A clock's own `sleep` waits for a time that a test decides: `clock.sleep(`, `func sleep(`.
        let bare = SourceTree.swiftFiles.flatMap { file in
            file.lines(using: "sleep(")
                .filter { line in
                    ![".sleep(", "func sleep("].contains { Words.occur($0, in: file.code[line]) }
                }
                .map { "\(file.place($0)): sleep" }
        }
        expectNone(message.flatMap { uses($0, in: SourceTree.swiftFiles) } + bare)
    }

    @Test func `no name says manager, helper or util`() {
        expectNone(
            SourceTree.swiftFiles.flatMap { file in
                file.code.indices.filter { line in
                    let message = file.code[line].split { !Words.isWordLetter($0.asciiValue ?? 0) }
                    return zip(message, message.dropFirst()).contains { keyword, name in
                        ["struct", "class", "enum", "actor", "protocol"].contains(keyword)
                            && ["Manager", "Helper", "Helpers", "Util", "Utils"]
                                .contains { name.hasSuffix($0) }
                    }
                }
                .map { "\(file.place($0)): a name that says nothing" }
            })
    }
}

@Suite struct TextTests {
    @Test func `nothing is left for later without an owner`() {
        let message = ["TO" + "DO", "FIX" + "ME", "X" + "XX"]
        expectNone(
            violations { line in
                message.contains { Words.contain($0, in: line) } && !Words.occur("#", in: line)
            })
    }

    @Test func `no path of one machine stands in the project`() {
        let folders = ["/ho" + "me/", "/ro" + "ot/", "/wo" + "rk/", "/Us" + "ers/", "/opt/sw" + "ift"]
        expectNone(violations { line in folders.contains { Words.occur($0, in: line) } })
    }

    private func violations(where isWrong: (String) -> Bool) -> [String] {
        SourceTree.writtenFiles.flatMap { path -> [String] in
            let lines = SourceTree.text(of: path).split(separator: "\n", omittingEmptySubsequences: false)
            return lines.indices.filter { isWrong(String(lines[$0])) }
                .map { "\(path):\($0 + 1): \(lines[$0])" }
        }
    }
}
