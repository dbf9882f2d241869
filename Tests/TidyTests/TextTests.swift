import Testing

/// Rules for every file that a person reads.
@Suite struct TextTests {
    @Test func `every marker of unfinished work names an issue`() {
        let markers = ["TO" + "DO", "FIX" + "ME", "X" + "XX"]
        expectNone(
            violations { line in
                markers.contains { Words.contain($0, in: line) } && !Words.occur("#", in: line)
            })
    }

    @Test func `no file contains a path of one machine`() {
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
