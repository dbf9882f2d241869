import Testing

/// An invalid JSON text with the expected error.
struct InvalidText: CustomTestStringConvertible, Sendable {
    var bytes: [UInt8]
    var line: Int
    var column: Int
    var message: String

    init(_ text: String, _ line: Int, _ column: Int, _ message: String) {
        self.init([UInt8](text.utf8), line, column, message)
    }

    init(_ bytes: [UInt8], _ line: Int, _ column: Int, _ message: String) {
        self.bytes = bytes
        self.line = line
        self.column = column
        self.message = message
    }

    var testDescription: String { String(decoding: bytes, as: UTF8.self).debugDescription }
}
