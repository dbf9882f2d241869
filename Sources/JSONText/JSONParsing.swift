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
package struct JSONError: Error, Equatable, Sendable {
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
    ///
    /// Stricter than RFC 8259 asks: no duplicate names, no byte order mark, no NUL (also not as `\u0000`), no
    /// integer beyond 64 bits, no real that overflows.
    package init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        guard bytes.count <= limits.bytes else {
            let message = "the text has \(bytes.count) bytes; at most \(limits.bytes) are read"
            throw JSONError(line: 1, column: 1, message: message)
        }
        // Before jansson: it recurses, and its own limit of 2048 is not ours.
        let scan = JSONScan(bytes, upTo: bytes.count, depthMax: limits.depth)
        if let offset = scan.tooDeepAt {
            let message = "arrays and objects are nested more than \(limits.depth) deep"
            throw JSONError(at: offset, in: bytes, message: message)
        }
        switch JanssonDocument.load(bytes) {
        case .value(let value):
            // jansson skips a NUL behind a number or a word.
            if let offset = bytes.firstIndex(of: 0) {
                throw JSONError(at: offset, in: bytes, message: "a NUL byte is no part of JSON")
            }
            self = value
        case .failure(let failure): throw JSONDiagnosis(bytes, failure).fault
        }
    }

    /// The shortest JSON text of this value, UTF-8.
    package func serialized() -> [UInt8] {
        var writer = JSONWriter()
        writer.write(self)
        return writer.bytes
    }
}
