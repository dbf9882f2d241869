/// One Swift file: its lines as written, and the same lines with comments and texts blanked out.
struct SwiftFile {
    let path: String
    let lines: [String]
    /// Line for line the same code, with spaces for what the compiler does not run.
    let code: [String]

    init(path: String, text: String) {
        self.path = path
        self.lines = Self.split(Array(text.utf8))
        self.code = Self.split(SwiftBlanking.blanked(Array(text.utf8)))
    }

    /// The target that the file belongs to: the folder under `Sources` or `Tests`.
    var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    var folder: String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "" }
    var isSource: Bool { path.hasPrefix("Sources/") }

    /// `path:line` for a line counted from 0.
    func place(_ index: Int) -> String { "\(path):\(index + 1)" }

    /// The lines, counted from 0, whose code has this as a whole word.
    func lines(using word: String) -> [Int] {
        code.indices.filter { Words.contain(word, in: code[$0]) }
    }

    private static func split(_ bytes: [UInt8]) -> [String] {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}

/// Looks for words in code, byte by byte: ten times faster than by characters.
enum Words {
    /// Whether the line has the word with no letter, digit or underscore beside it.
    static func contain(_ word: String, in line: String) -> Bool {
        places(of: word, in: line).contains { line, range in
            let isBegun = range.lowerBound > 0 && isWordLetter(line[range.lowerBound - 1])
            let goesOn = range.upperBound < line.count && isWordLetter(line[range.upperBound])
            return !(isBegun && isWordLetter(line[range.lowerBound]))
                && !(goesOn && isWordLetter(line[range.upperBound - 1]))
        }
    }

    /// Whether the line has the text anywhere.
    static func occur(_ text: String, in line: String) -> Bool { !places(of: text, in: line).isEmpty }

    private static func places(of word: String, in line: String) -> [([UInt8], Range<Int>)] {
        guard line.utf8.count >= word.utf8.count, let first = word.utf8.first else { return [] }
        let line = Array(line.utf8)
        let word = Array(word.utf8)
        var places: [([UInt8], Range<Int>)] = []
        var start = 0
        while start <= line.count - word.count {
            if line[start] == first, line[start..<(start + word.count)].elementsEqual(word) {
                places.append((line, start..<(start + word.count)))
            }
            start += 1
        }
        return places
    }

    static func isWordLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
