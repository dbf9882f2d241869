import Foundation
import Testing

@testable import HTTPWire

/// A file in `Corpus/`: one rule, and messages that follow or break it.
///
/// The rule comes first. Each case begins with a line `=== ` and the expected `Transcript`. Its bytes follow:
/// line ends of the file are ignored, `\r \n \t \0 \\ \xHH` are escapes, `\{3*ab}` is `ababab`, and lines
/// beginning with `#` are comments.
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

    private struct EscapeError: Error { let text: String }

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
                guard let byte = UInt8(rest.prefix(2), radix: 16) else {
                    throw EscapeError(text: String(rest))
                }
                bytes.append(byte)
                rest = rest.dropFirst(2)
            case "{": bytes += try repeated(&rest)
            default: throw EscapeError(text: String(rest))
            }
        }
        return bytes
    }

    /// Parses `3*ab}`.
    private static func repeated(_ rest: inout Substring) throws -> [UInt8] {
        guard let star = rest.firstIndex(of: "*"), let close = rest.firstIndex(of: "}"), star < close,
            let count = Int(rest[..<star])
        else { throw EscapeError(text: String(rest)) }
        let unit = try bytes(String(rest[rest.index(after: star)..<close]))
        rest = rest[rest.index(after: close)...]
        return Array(repeatElement(unit, count: count).joined())
    }
}
