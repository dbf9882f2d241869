/// One Swift file: its lines as written, and the same lines with comments and texts blanked out.
struct SwiftFile {
    let path: String
    let lines: [String]
    /// Line for line the same code, with spaces for what the compiler does not run.
    let code: [String]
    /// Every word of the code, once.
    let identifiers: Set<String>
    /// Every type that the file declares, in the order of the file.
    let types: [TypeDeclaration]

    init(path: String, text: String) {
        self.path = path
        self.lines = Self.split(Array(text.utf8))
        let code = SwiftBlanking.blanked(Array(text.utf8))
        self.code = Self.split(code)
        self.identifiers = Set(
            code.split { !Words.isWordLetter($0) }.map { String(decoding: $0, as: UTF8.self) })
        self.types = TypeScan.types(in: self.code)
    }

    /// The target that the file belongs to: the folder under `Sources` or `Tests`.
    var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    var folder: String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "" }
    /// The last component of the path, without `.swift`.
    var name: String { path.split(separator: "/").last.map { String($0.dropLast(6)) } ?? "" }
    var isSource: Bool { path.hasPrefix("Sources/") }

    /// `path:line` for a line counted from 0.
    func location(ofLine index: Int) -> String { "\(path):\(index + 1)" }

    /// The lines, counted from 0, whose code has this as a whole word.
    func lines(using word: String) -> [Int] {
        code.indices.filter { Words.contain(word, in: code[$0]) }
    }

    /// `path:line` of the first line whose code has this as a whole word.
    func location(of word: String) -> String { location(ofLine: lines(using: word).first ?? 0) }

    private static func split(_ bytes: [UInt8]) -> [String] {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}
