extension JSONValue {
    /// Parses a text that consists of exactly one JSON value.
    ///
    /// Stricter than RFC 8259: no duplicate names, no byte order mark, no NUL (also not as `\u0000`), no
    /// integer beyond 64 bits, no real that overflows.
    package init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        guard bytes.count <= limits.bytes else {
            let message = "the text has \(bytes.count) bytes; at most \(limits.bytes) are read"
            throw JSONError(line: 1, column: 1, message: message)
        }
        // Checked before jansson, which recurses up to its own limit of 2048.
        let scan = JSONScan(bytes, upTo: bytes.count, depthMax: limits.depth)
        if let offset = scan.tooDeepAt {
            let message = "arrays and objects are nested more than \(limits.depth) deep"
            throw JSONError(at: offset, in: bytes, message: message)
        }
        switch JanssonDocument.load(bytes) {
        case .value(let value):
            // jansson skips a NUL after a number or a literal.
            if let offset = bytes.firstIndex(of: 0) {
                throw JSONError(at: offset, in: bytes, message: "a NUL byte is not allowed in JSON")
            }
            self = value
        case .failure(let error): throw JSONDiagnosis(bytes, error).error
        }
    }

    /// Returns the shortest JSON text of this value in UTF-8.
    package func serialized() -> [UInt8] {
        var writer = JSONWriter()
        writer.write(self)
        return writer.bytes
    }
}
