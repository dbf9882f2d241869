import GatewayProtocol
import Testing

/// `ProblemCode` is the one list of error codes: the documentation shows all of it, and no code stands
/// anywhere else.
@Suite struct ErrorCodeTests {
    @Test func `every error code is defined once`() {
        #expect(ProblemDefinition.table.count == ProblemCode.allCases.count)
    }

    @Test func `the HTTP API page has one row for each error code, in order`() {
        let table = ProblemCode.allCases.sorted { ($0.status, $0.rawValue) < ($1.status, $1.rawValue) }
            .map { row($0) }.joined(separator: "\n")
        let page = SourceTree.text(of: "Sources/Reelgate/Reelgate.docc/HTTPAPI.md")
        #expect(page.contains(table), "the page should have:\n\(table)")
    }

    @Test func `servers and the command line name error codes by the enumeration`() {
        let found = SourceTree.swiftFiles
            .filter { $0.isSource && ["GatewayAPI", "Reelgate"].contains($0.target) }
            .flatMap { file in
                let literals = SourceWords(SourceTree.text(of: file.path)).literals
                return ProblemCode.allCases.filter { literals.contains($0.rawValue) }
                    .map { "\(file.path): \($0.rawValue)" }
            }
        #expect(found.isEmpty, "\(found)")
    }

    @Test func `modules below the API use listed codes only`() {
        let problems = Set(ProblemCode.allCases.map(\.rawValue))
        let failures = Set(TaskErrorCode.allCases.map(\.rawValue))
        let wire = codes(in: ["HTTPServing", "HTTPWire", "HTTP2Wire"], after: "code: \"")
        #expect(wire.count > 5 && wire.isSubset(of: problems), "\(wire.subtracting(problems))")
        let gateway = codes(in: ["Gateway"], after: "code: \"")
        #expect(gateway.count > 3 && gateway.isSubset(of: problems.union(failures)), "\(gateway)")
        let tasks = codes(in: ["VideoJobs"], after: "FailureReason(code: \"")
        #expect(!tasks.isEmpty && tasks.isSubset(of: failures), "\(tasks.subtracting(failures))")
    }

    @Test func `every error code is used`() {
        let words = SourceTree.swiftFiles.filter { $0.isSource && $0.target != "GatewayProtocol" }
            .map { SourceWords(SourceTree.text(of: $0.path)) }
        let unused = ProblemCode.allCases.filter { code in
            !words.contains { $0.members.contains("\(code)") || $0.literals.contains(code.rawValue) }
        }
        #expect(unused.isEmpty, "\(unused)")
    }

    /// The code as the page shows it.
    private func row(_ code: ProblemCode) -> String {
        let definition = code.definition
        let retry =
            switch definition.retry {
            case .afterChange: "after a change"
            case .later(nil): "later"
            case .later(let seconds?): "after \(seconds) s"
            case .afterSettlement: "after settlement"
            }
        let remedy = definition.remedy.replacing("in WAIT", with: "after `Retry-After`")
            .replacing("TASK_ID", with: "ID")
        return "| `\(code.rawValue)` | \(code.status) | \(definition.title) | \(retry) | \(remedy) |"
    }

    /// The string literals that follow a text in a module's code.
    private func codes(in targets: Set<String>, after prefix: String) -> Set<String> {
        var found: Set<String> = []
        for file in SourceTree.swiftFiles where file.isSource && targets.contains(file.target) {
            for rest in SourceTree.text(of: file.path).split(separator: prefix).dropFirst() {
                found.insert(String(rest.prefix { $0 != "\"" }))
            }
        }
        return found
    }
}

/// The words of a source file that can name an error code.
private struct SourceWords {
    /// Words in quotes.
    private(set) var literals: Set<String> = []
    /// Words after a full stop.
    private(set) var members: Set<String> = []

    init(_ text: String) {
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            let end = bytes[index...].firstIndex { !Words.isWordLetter($0) } ?? bytes.count
            defer { index = end + 1 }
            guard end > index, index > 0 else { continue }
            let word = String(decoding: bytes[index..<end], as: UTF8.self)
            switch bytes[index - 1] {
            case UInt8(ascii: "."): members.insert(word)
            case UInt8(ascii: "\"") where end < bytes.count && bytes[end] == bytes[index - 1]:
                literals.insert(word)
            default: break
            }
        }
    }
}
