import Foundation
import Testing

@testable import HTTPWire

/// A file of `Corpus/`: one rule, and messages that keep or break it.
///
/// It begins with the rule. Each case then starts with a line `=== ` and what is expected, as `Transcript`
/// describes it. Its bytes follow: line ends of the file mean nothing, `\r \n \t \0 \\ \xHH` are escapes,
/// `\{3*ab}` is `ababab`, and lines beginning with `#` are remarks.
struct CorpusFile: CustomTestStringConvertible, Sendable {
    struct Case: Sendable {
        let line: Int
        let expected: String
        let bytes: [UInt8]
    }

    let name: String
    let rule: String
    let cases: [Case]

    var testDescription: String { name }

    static func all() throws -> [CorpusFile] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return try files.sorted { $0.path < $1.path }.map {
            try CorpusFile(name: $0.lastPathComponent, text: String(contentsOf: $0, encoding: .utf8))
        }
    }

    init(name: String, text: String) throws {
        self.name = name
        var rule = ""
        var cases: [Case] = []
        var current: (line: Int, expected: String, text: String)?
        func close() throws {
            guard let case_ = current else { return }
            cases.append(
                Case(line: case_.line, expected: case_.expected, bytes: try CorpusFile.bytes(case_.text)))
        }
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("=== ") {
                try close()
                current = (index + 1, String(line.dropFirst(4)), "")
            } else if current == nil {
                rule += line
            } else if !line.hasPrefix("#") {
                current?.text += line
            }
        }
        try close()
        self.rule = rule
        self.cases = cases
    }

    private struct BadEscape: Error { let text: String }

    private static func bytes(_ text: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Substring(text)
        while let character = rest.popFirst() {
            guard character == "\\" else {
                bytes += Array(String(character).utf8)
                continue
            }
            switch rest.popFirst() {
            case "r": bytes.append(0x0d)
            case "n": bytes.append(0x0a)
            case "t": bytes.append(0x09)
            case "0": bytes.append(0)
            case "\\": bytes.append(0x5c)
            case "x":
                guard let byte = UInt8(rest.prefix(2), radix: 16) else { throw BadEscape(text: String(rest)) }
                bytes.append(byte)
                rest = rest.dropFirst(2)
            case "{": bytes += try repeated(&rest)
            default: throw BadEscape(text: String(rest))
            }
        }
        return bytes
    }

    /// Reads `3*ab}`.
    private static func repeated(_ rest: inout Substring) throws -> [UInt8] {
        guard let star = rest.firstIndex(of: "*"), let close = rest.firstIndex(of: "}"), star < close,
            let count = Int(rest[..<star])
        else { throw BadEscape(text: String(rest)) }
        let unit = try bytes(String(rest[rest.index(after: star)..<close]))
        rest = rest[rest.index(after: close)...]
        return Array(repeatElement(unit, count: count).joined())
    }
}

@Suite struct CorpusTests {
    @Test(arguments: try CorpusFile.all())
    func `every message of the corpus is read as its rule says`(_ file: CorpusFile) {
        #expect(file.rule.hasPrefix("RFC "), "the file names its rule")
        #expect(!file.cases.isEmpty)
        for message in file.cases {
            // What is long is long for a limit, and those are tested for themselves: here only cut where it
            // matters.
            let found =
                message.bytes.count < 600
                ? WireReplay.transcript(of: message.bytes) : CorpusTests.coarsely(message.bytes)
            #expect(found.description == message.expected, "\(file.name):\(message.line)")
        }
    }

    @Test func `the corpus is there`() throws {
        let files = try CorpusFile.all()
        #expect(files.count >= 25)
        #expect(files.map(\.cases.count).reduce(0, +) >= 300)
    }

    private static func coarsely(_ bytes: [UInt8]) -> Transcript {
        let whole = WireReplay.feed([bytes], to: .init(limits: MessageLimits()))
        for step in [1, 997] {
            let pieces = stride(from: 0, to: bytes.count, by: step).map {
                Array(bytes[$0..<min($0 + step, bytes.count)])
            }
            #expect(WireReplay.feed(pieces, to: .init(limits: MessageLimits())) == whole)
        }
        return whole
    }
}
