package import JSONText

/// A YAML document as a JSON value, with the line of each part.
///
/// A subset of YAML without surprising types: plain scalars are typed as in JSON
/// (`true`, `null`, `8`, `0.5`; also YAML 1.2's `~`, `True`, `NULL` and the like), everything else is a
/// string: `yes`, `010`, `0x10`, `24h`, `50GiB`. No tags, anchors, aliases, further documents or duplicate
/// keys.
package struct YAMLDocument: Equatable, Sendable {
    /// An empty document is `null`.
    package let value: JSONValue
    private let lines: [JSONPointer: Int]

    /// The maximum length of a text in bytes.
    package static let bytesMax = 1 << 20
    /// The maximum nesting depth of lists and mappings.
    package static let depthMax = 32

    /// Parses a text.
    package init(parsing text: String) throws(YAMLError) {
        guard text.utf8.count <= Self.bytesMax else {
            let message = "the text has \(text.utf8.count) bytes; at most \(Self.bytesMax) are read"
            throw YAMLError(line: 1, column: 1, message: message)
        }
        var parser = YAMLParser()
        value = try parser.document(text)
        lines = parser.lines
    }

    /// Parses UTF-8 with an optional byte order mark.
    package init(parsing bytes: [UInt8]) throws(YAMLError) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let line = Self.firstInvalidLine(bytes)
            throw YAMLError(line: line, column: 1, message: "this line is not valid UTF-8")
        }
        try self.init(parsing: text)
    }

    /// Returns the line of the key or list element at a JSON Pointer (RFC 6901).
    ///
    /// A missing element has the line of its nearest existing ancestor. `nil` only for an invalid pointer.
    package func line(of pointer: String) -> Int? {
        guard var tokens = JSONPointer(parsing: pointer)?.tokens else { return nil }
        while true {
            if let line = lines[JSONPointer(tokens: tokens)] { return line }
            guard tokens.popLast() != nil else { return 1 }
        }
    }

    private static func firstInvalidLine(_ bytes: [UInt8]) -> Int {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let invalid = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }
        return (invalid ?? 0) + 1
    }
}
