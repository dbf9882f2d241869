package import JSONText
import Yams

/// Why a text is not the YAML that we accept, and where.
package struct YAMLError: Error, Equatable, Sendable {
    /// Counted from 1; `column` counts characters of that line.
    package var line: Int
    package var column: Int
    /// A sentence for whoever wrote the text; quotes at most a name of it.
    package var message: String

    package init(line: Int, column: Int, message: String) {
        self.line = line
        self.column = column
        self.message = message
    }
}

/// One YAML document as a JSON value, and on which lines its parts stand.
///
/// Less than all of YAML, so that a file means what it seems to mean: plain scalars are typed as JSON would
/// (`true`, `null`, `8`, `0.5`; also YAML 1.2's `~`, `True`, `NULL` and the like), everything else is text:
/// `yes`, `010`, `0x10`, `24h`, `50GiB`. No tags, no anchors and aliases, no second document, no key twice.
package struct YAMLDocument: Equatable, Sendable {
    /// An empty document is `null`.
    package let value: JSONValue
    private let lines: [JSONPointer: Int]

    /// The longest text, in bytes.
    package static let bytesMax = 1 << 20
    /// The deepest nesting of lists and mappings.
    package static let depthMax = 32

    package init(parsing text: String) throws(YAMLError) {
        guard text.utf8.count <= Self.bytesMax else {
            let message = "the text has \(text.utf8.count) bytes; at most \(Self.bytesMax) are read"
            throw YAMLError(line: 1, column: 1, message: message)
        }
        var reading = YAMLReading()
        value = try reading.document(text)
        lines = reading.lines
    }

    /// Reads UTF-8; a byte order mark may come first.
    package init(parsing bytes: [UInt8]) throws(YAMLError) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let line = Self.firstWrongLine(bytes)
            throw YAMLError(line: line, column: 1, message: "this line is no valid UTF-8")
        }
        try self.init(parsing: text)
    }

    /// The line of the key or list element at a JSON Pointer (RFC 6901).
    ///
    /// What is not in the document is looked for where it belongs: on the line of the nearest thing around
    /// it. `nil` only for text that is no pointer.
    package func line(of pointer: String) -> Int? {
        guard var tokens = JSONPointer(parsing: pointer)?.tokens else { return nil }
        while true {
            if let line = lines[JSONPointer(tokens: tokens)] { return line }
            guard tokens.popLast() != nil else { return 1 }
        }
    }

    private static func firstWrongLine(_ bytes: [UInt8]) -> Int {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let wrong = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }
        return (wrong ?? 0) + 1
    }
}
