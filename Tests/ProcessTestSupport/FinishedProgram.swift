package import JSONText

/// The exit status and the output of a program.
package struct FinishedProgram {
    package var status: CInt
    package var output: [UInt8]
    package var errors: String

    package var text: String { String(decoding: output, as: UTF8.self) }
    package var lines: [String] { text.split(separator: "\n").map(String.init) }

    /// The output as JSON.
    package func json() throws -> JSONValue {
        try JSONValue(parsing: output, limits: JSONLimits(bytes: 16 << 20))
    }
}
