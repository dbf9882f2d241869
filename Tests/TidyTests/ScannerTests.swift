import Testing

/// The scanners themselves: a scanner that finds nothing would let every rule pass.
@Suite struct ScannerTests {
    private func functions(_ text: String) -> [FunctionShape] {
        FunctionScan.functions(in: SwiftFile(path: "Sources/X/Y.swift", text: text))
    }

    @Test func `comments, texts and raw names are blanked and lines stay`() {
        let file = SwiftFile(
            path: "Sources/X/Y.swift",
            text: """
                let a = "unsafe \\("unsafe")" // unsafe
                /* unsafe /* unsafe */ unsafe
                */ let b = #"un"safe\\"#; unsafe c()
                func `unsafe`() {}
                let d = \"\"\"
                    unsafe
                    \"\"\"; unsafe e()
                """)
        #expect(file.lines(using: "unsafe") == [2, 6])
        #expect(file.lines.count == file.code.count)
    }

    @Test func `only whole words match`() {
        #expect(Words.contain("try!", in: "let x = try! y"))
        #expect(!Words.contain("as!", in: "alas!"))
        #expect(!Words.contain("print(", in: "fingerprint(x)"))
        #expect(Words.contain("print(", in: "print(x)"))
    }

    @Test func `parameters, lines and nesting are counted`() {
        let found = functions(
            """
            func a(_ b: [String: Int], c: (Int, Int) -> Void, d: Pair<Int, Int>) throws(E)
                -> Int
            where T: U {
                if b {
                    for c in d { e() }
                    while f {
                        g()
                    }
                }
                return 1
            }
            init() {}
            """)
        #expect(found.map(\.parameters) == [3, 0])
        #expect(found.map(\.bodyLines) == [7, 0])
        #expect(found.map(\.nesting) == [2, 0])
        #expect(found.map(\.line) == [0, 11])
    }

    @Test func `requirements have no body and calls are no functions`() {
        let found = functions("protocol P {\n    func a(b: Int) async\n    func c()\n}\nlet x = Y.init(z)\n")
        #expect(found.map(\.parameters) == [1, 0])
        #expect(found.allSatisfy { $0.bodyLines == 0 })
    }

    @Test(arguments: [
        ("import Yams", "Yams"), ("package import struct Foo.Bar", "Foo"),
        ("@testable import Reelgate", "Reelgate"),
        ("let important = 1", nil), ("internal import CLinux", "CLinux"),
    ])
    func `an import names its module`(_ line: String, _ module: String?) {
        #expect(ImportTable.module(importedBy: line) == module)
    }

    @Test func `types are found with their visibility, depth and conformances`() {
        let file = SwiftFile(
            path: "Sources/X/Y.swift",
            text: """
                package struct A<B: C>: D,
                    Error
                {
                    class func e() {}
                    private enum F { case g }
                }
                extension A { enum H {} }
                @available(*, unavailable) fileprivate final class I {
                }
                """)
        let types = file.types
        #expect(types.map(\.name) == ["A", "F", "I"])
        #expect(types.map(\.isPrimary) == [true, false, false])
        #expect(types.map(\.lines) == [0...5, 4...4, 7...8])
        #expect(types[0].conformances.contains("Error"))
    }

    @Test func `a phrase matches across line ends, not across marks, and whole words only`() {
        let scan = PhraseScan(["stands in", "tell … apart"])
        let text = "It stands\n    /// in a row; stands, in. Standstands in. To tell one from two apart."
        #expect(
            scan.matches(in: text) == [
                .init(phrase: "stands in", line: 0), .init(phrase: "tell … apart", line: 1),
            ])
    }

    @Test func `the scanners read the files of the project`() {
        #expect(SourceTree.swiftFiles.contains { $0.path == "Sources/JSONText/JSONValue.swift" })
        #expect(SourceTree.swiftFiles.count > 40)
        #expect(SourceTree.writtenFiles.contains("Config/reelgate.yaml"))
    }
}
