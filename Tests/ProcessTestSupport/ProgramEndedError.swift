/// A program exited, or the test was cancelled, before an expected output.
package struct ProgramEndedError: Error, CustomStringConvertible {
    package var program: String
    package var missing: String
    package var output: String

    package var description: String { "\(program) did not print \"\(missing)\", but:\n\(output)" }
}
