import Testing

/// Constructs that need a reason or are not used at all.
@Suite struct HabitTests {
    private func uses(_ word: String, in files: [SwiftFile]) -> [String] {
        files.flatMap { file in file.lines(using: word).map { "\(file.location(ofLine: $0)): \(word)" } }
    }

    private var sources: [SwiftFile] { SourceTree.swiftFiles.filter(\.isSource) }

    @Test func `only the listed files contain unsafe code`() {
        expectNone(
            sources.filter { UnsafeFiles.reasons[$0.path] == nil }
                .compactMap { file in
                    file.lines(using: "unsafe").first.map { "\(file.location(ofLine: $0)): unsafe" }
                })
    }

    @Test func `every listed file exists and contains unsafe code`() {
        let unsafe = Set(sources.filter { !$0.lines(using: "unsafe").isEmpty }.map(\.path))
        expectNone(UnsafeFiles.reasons.keys.filter { !unsafe.contains($0) }.sorted())
    }

    @Test func `every opt-out of concurrency checking has a comment with its reason`() {
        let optOuts = ["@unchecked Sendable", "nonisolated(unsafe)", "@preconcurrency"]
        expectNone(
            SourceTree.swiftFiles.flatMap { file in
                file.code.indices.filter { line in
                    optOuts.contains { Words.occur($0, in: file.code[line]) } && !hasComment(file, at: line)
                }
                .map { "\(file.location(ofLine: $0)): no reason" }
            })
    }

    /// A comment on the line, or one that ends on the line above.
    private func hasComment(_ file: SwiftFile, at line: Int) -> Bool {
        let above = line > 0 ? file.lines[line - 1].drop { $0 == " " } : ""
        return file.lines[line].contains("//") || above.hasPrefix("//")
    }

    @Test func `only the executable target prints`() {
        let silent = sources.filter { $0.target != "Reelgate" }
        expectNone(["print(", "debugPrint(", "dump("].flatMap { uses($0, in: silent) })
    }

    @Test func `nothing uses a forced try or a forced cast`() {
        expectNone(["try!", "as!"].flatMap { uses($0, in: SourceTree.swiftFiles) })
    }

    @Test func `nothing waits by sleeping`() {
        let calls = ["Task.sleep", "Thread.sleep", "usleep(", "nanosleep(", "Glibc.sleep("]
        // A clock's own `sleep` waits for a time that a test sets: `clock.sleep(`, `func sleep(`.
        let bare = SourceTree.swiftFiles.flatMap { file in
            file.lines(using: "sleep(")
                .filter { line in
                    ![".sleep(", "func sleep("].contains { Words.occur($0, in: file.code[line]) }
                }
                .map { "\(file.location(ofLine: $0)): sleep" }
        }
        expectNone(calls.flatMap { uses($0, in: SourceTree.swiftFiles) } + bare)
    }

    @Test func `no type is called manager, helper or util`() {
        expectNone(
            SourceTree.swiftFiles.flatMap { file in
                file.code.indices.filter { line in
                    let words = file.code[line].split { !Words.isWordLetter($0.asciiValue ?? 0) }
                    return zip(words, words.dropFirst()).contains { keyword, name in
                        ["struct", "class", "enum", "actor", "protocol"].contains(keyword)
                            && ["Manager", "Helper", "Helpers", "Util", "Utils"]
                                .contains { name.hasSuffix($0) }
                    }
                }
                .map { "\(file.location(ofLine: $0)): name the role of the type" }
            })
    }
}
