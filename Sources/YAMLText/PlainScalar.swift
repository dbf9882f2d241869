import JSONText
import Yams

/// The type of a scalar without quotes: JSON's, and the other spellings of YAML 1.2's core schema for words.
enum PlainScalar {
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
        // JSON decides what is a number: 010, 0x10, 1_000, 24h and 16:9 are none, hence text.
        do throws(JSONError) {
            return try JSONValue(parsing: Array(text.utf8))
        } catch {
            guard !isTooLarge(text) else { throw YAMLError(mark, "the number is too large") }
            return .string(text)
        }
    }

    /// Whether a text that JSON refused as a number is one in form.
    private static func isTooLarge(_ text: String) -> Bool {
        let digits = text.utf8.drop { $0 == UInt8(ascii: "-") }
        let isLong =
            text.utf8.count - digits.count <= 1 && digits.first != UInt8(ascii: "0") && !digits.isEmpty
        return isLong && digits.allSatisfy { (0x30...0x39).contains($0) }
    }
}
