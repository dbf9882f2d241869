/// How much JSON we are willing to read.
package struct JSONLimits: Equatable, Sendable {
    /// The longest text, in bytes.
    package var bytes: Int
    /// The deepest nesting of arrays and objects.
    package var depth: Int

    package init(bytes: Int = 1 << 20, depth: Int = 32) {
        self.bytes = bytes
        self.depth = depth
    }
}

/// Why a text is not the strict JSON that we accept, and where.
package struct JSONFault: Error, Equatable, Sendable {
    /// Counted from 1; `column` counts characters of that line.
    package var line: Int
    package var column: Int
    /// A sentence for the sender; quotes at most a few characters of the text.
    package var message: String

    package init(line: Int, column: Int, message: String) {
        self.line = line
        self.column = column
        self.message = message
    }
}

extension JSONValue {
    /// Reads one JSON text and nothing after it.
    package init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONFault) {
        throw JSONFault(line: 1, column: 1, message: "not written yet")
    }

    /// The shortest JSON text of this value, UTF-8.
    package func serialized() -> [UInt8] { [] }
}
