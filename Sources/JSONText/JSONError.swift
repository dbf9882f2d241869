/// The reason why a text is not valid JSON, with its location.
package struct JSONError: Error, Equatable, Sendable {
    /// The line, from 1.
    package var line: Int
    /// The column in characters (Unicode scalars), from 1.
    package var column: Int
    /// A message for the client; it quotes at most a few characters of the text.
    package var message: String

    package init(line: Int, column: Int, message: String) {
        self.line = line
        self.column = column
        self.message = message
    }
}

extension JSONError {
    /// Creates an error at a byte offset of a UTF-8 text.
    init(at offset: Int, in bytes: [UInt8], message: String) {
        let before = bytes.prefix(offset)
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let lineStart = (before.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
        // Continuation bytes (10xxxxxx) belong to the character before them.
        let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        self.init(line: line, column: column, message: message)
    }
}
