import JSONText
import Yams

/// Typing of plain scalars: JSON's types, and the further spellings of YAML 1.2's core schema for literals.
enum PlainScalar {
    /// Returns the typed value of a plain scalar.
    static func value(of text: String, at mark: Mark?) throws(YAMLError) -> JSONValue {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        guard let first = text.utf8.first, (0x30...0x39).contains(first) || first == UInt8(ascii: "-") else {
            return .string(text)
        }
        // Only JSON numbers are numbers: 010, 0x10, 1_000, 24h and 16:9 are strings.
        do throws(JSONError) {
            return try JSONValue(parsing: Array(text.utf8))
        } catch {
            guard !isTooLarge(text) else { throw YAMLError(mark, "the number is too large") }
            return .string(text)
        }
    }

    /// Whether a text that JSON rejected has the form of an integer.
    private static func isTooLarge(_ text: String) -> Bool {
        let digits = text.utf8.drop { $0 == UInt8(ascii: "-") }
        let isInteger =
            text.utf8.count - digits.count <= 1 && digits.first != UInt8(ascii: "0") && !digits.isEmpty
        return isInteger && digits.allSatisfy { (0x30...0x39).contains($0) }
    }
}
