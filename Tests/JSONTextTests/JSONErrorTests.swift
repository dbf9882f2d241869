import JSONText
import Testing

@Suite struct JSONErrorTests {
    @Test(arguments: [
        InvalidText("", 1, 1, "empty"),
        InvalidText("  \n ", 1, 1, "empty"),
        InvalidText("{", 1, 2, "an object is not closed"),
        InvalidText("{\"a\":1,\n \"b\":[", 2, 7, "an array is not closed"),
        InvalidText("{\"a\":1,}", 1, 8, "a comma before } is not allowed"),
        InvalidText("[1,\n]", 2, 1, "a comma before ] is not allowed"),
        InvalidText("{\"a\" 1}", 1, 6, "expected a colon, not 1"),
        InvalidText("{'a':1}", 1, 2, "expected a name in double quotes, not '"),
        InvalidText("{a_b:1}", 1, 2, "expected a name in double quotes, not a_b"),
        InvalidText("{1:1}", 1, 2, "expected a name in double quotes, not 1"),
        InvalidText("{\"a\":1 \"b\":2}", 1, 8, "expected a comma or }, not \"b\""),
        InvalidText("{\"a\":1]", 1, 7, "expected a comma or }, not ]"),
        InvalidText("[1 2]", 1, 4, "expected a comma or ], not 2"),
        InvalidText("{\"a\":}", 1, 6, "expected a value, not }"),
        InvalidText("{\"a\":1,,}", 1, 8, "expected a name in double quotes, not ,"),
        InvalidText("}", 1, 1, "expected a JSON value, not }"),
        InvalidText("/* hi */{}", 1, 1, "expected a JSON value, not /"),
        InvalidText("[True]", 1, 2, "True is not a JSON value"),
        InvalidText("[NaN]", 1, 2, "NaN is not a JSON value"),
        InvalidText("[-Infinity]", 1, 2, "-Infinity is not a JSON value"),
        InvalidText("[nullx]", 1, 2, "nullx is not a JSON value"),
        InvalidText("nul", 1, 1, "nul is not a JSON value"),
        InvalidText("[1] x", 1, 5, "unexpected text after the JSON value"),
        InvalidText("[1]\n\n  ]", 3, 3, "unexpected text after the JSON value"),
        InvalidText("{} {}", 1, 4, "unexpected text after the JSON value"),
        InvalidText("[1]\0", 1, 4, "unexpected text after the JSON value"),
        InvalidText("5 \"abc\"", 1, 3, "unexpected text after the JSON value"),
        InvalidText("[0\0]", 1, 3, "a NUL byte is not allowed in JSON"),
        InvalidText("7\0", 1, 2, "a NUL byte is not allowed in JSON"),
        InvalidText("{\"a\":\n true\0}", 2, 6, "a NUL byte is not allowed in JSON"),
    ]) func `a syntax error is reported at the start of its token`(_ text: InvalidText) {
        expect(text)
    }

    @Test(arguments: [
        InvalidText("[01]", 1, 2, "01 is not a JSON number: leading zeros are not allowed"),
        InvalidText("[-012]", 1, 2, "-012 is not a JSON number: leading zeros are not allowed"),
        InvalidText("[1.]", 1, 2, "1. is not a JSON number: a digit must follow the decimal point"),
        InvalidText("[ 1.e3]", 1, 3, "1.e3 is not a JSON number: a digit must follow the decimal point"),
        InvalidText("[.5]", 1, 2, ".5 is not a JSON number: it must start with a digit"),
        InvalidText("[+1]", 1, 2, "+1 is not a JSON number: a leading + is not allowed"),
        InvalidText("[-]", 1, 2, "- is not a JSON number: it must start with a digit"),
        InvalidText("[1e]", 1, 2, "1e is not a JSON number: digits must follow the e"),
        InvalidText("[1E+]", 1, 2, "1E+ is not a JSON number: digits must follow the e"),
        InvalidText("[0x10]", 1, 2, "0x10 is not a JSON number: only decimal digits are allowed"),
        InvalidText("[1_000]", 1, 2, "1_000 is not a JSON number: only decimal digits are allowed"),
        InvalidText("[9223372036854775808]", 1, 2, "9223372036854775808 is too large"),
        InvalidText("{\"a\":\n  -123456789012345678901}", 2, 3, "is too large"),
        InvalidText("[1e400]", 1, 2, "1e400 is too large"),
    ]) func `an invalid number is reported with the reason`(_ text: InvalidText) {
        expect(text)
    }

    @Test(arguments: [
        InvalidText("[\"a\nb\"]", 1, 4, "a line break inside a string must be written \\n"),
        InvalidText("[\"a\tb\"]", 1, 4, "a control character inside a string must be escaped"),
        InvalidText("[\"a\0b\"]", 1, 4, "a control character inside a string must be escaped"),
        InvalidText("[\"abc", 1, 2, "unterminated string"),
        InvalidText("\"\\", 1, 2, "incomplete escape"),
        InvalidText("[\"é\\x\"]", 1, 4, "invalid escape; valid ones are"),
        InvalidText("[\"\\u12\"]", 1, 3, "four hexadecimal digits"),
        InvalidText("[\"\\u+123\"]", 1, 3, "four hexadecimal digits"),
        InvalidText("[\"\\n\\ud800\"]", 1, 5, "unpaired surrogate"),
        InvalidText("[\"\\ud800\\u0041\"]", 1, 3, "unpaired surrogate"),
        InvalidText("[\"\\udc00\"]", 1, 3, "unpaired surrogate"),
        InvalidText("[\"\\u0000\"]", 1, 3, "\\u0000 is not allowed"),
        InvalidText("{\"\\u0000\":1}", 1, 3, "\\u0000 is not allowed"),
        InvalidText("{\"a\":1,\"a\":2}", 1, 8, "duplicate member \"a\""),
        InvalidText("{\"é\":[],\n \"b\":2, \"\\u0062\":3}", 2, 9, "duplicate member \"\\u0062\""),
        InvalidText("{\"a\":1,\n\"a\"\n:2}", 2, 1, "duplicate member \"a\""),
        InvalidText([0xEF, 0xBB, 0xBF] + Array("{}".utf8), 1, 1, "byte order mark"),
        InvalidText(Array("[\"é".utf8) + [0xFF], 1, 4, "invalid UTF-8"),
        InvalidText(Array("[\"".utf8) + [0xC0, 0x80] + Array("\"]".utf8), 1, 3, "invalid UTF-8"),
        InvalidText(Array("[\"".utf8) + [0xED, 0xA0, 0x80] + Array("\"]".utf8), 1, 3, "invalid UTF-8"),
        InvalidText(Array("[\"".utf8) + [0xE2, 0x82] + Array("\"]".utf8), 1, 3, "invalid UTF-8"),
        InvalidText(Array("[\"".utf8) + [0xF4, 0x90, 0x80, 0x80] + Array("\"]".utf8), 1, 3, "invalid UTF-8"),
        InvalidText(Array("[1]\n".utf8) + [0x80], 2, 1, "invalid UTF-8"),
        InvalidText([0xFF], 1, 1, "invalid UTF-8"),
    ]) func `an error in a string or a name is reported at its position`(_ text: InvalidText) {
        expect(text)
    }

    @Test func `the nesting depth is limited`() throws {
        let limits = JSONLimits(depth: 4)
        _ = try JSONValue(parsing: Array("[{\"a\":[[]]},[[]],\"[[[[[[\"]".utf8), limits: limits)
        let error = parsingError(in: Array("[\n{\"a\":[[[]]]}]".utf8), limits: limits)
        #expect(error?.line == 2)
        #expect(error?.column == 8)
        #expect(error?.message == "arrays and objects are nested more than 4 deep")
    }

    @Test func `the default depth is 32`() throws {
        let bomb = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
        #expect(parsingError(in: bomb)?.column == 33)
        let deepest = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
        _ = try JSONValue(parsing: Array(deepest.utf8))
    }

    @Test func `the length of a text is limited`() throws {
        let limits = JSONLimits(bytes: 6)
        _ = try JSONValue(parsing: Array("\"abcd\"".utf8), limits: limits)
        let error = parsingError(in: Array("\"abcde\"".utf8), limits: limits)
        #expect(error == JSONError(line: 1, column: 1, message: "the text has 7 bytes; at most 6 are read"))
    }

    private func expect(_ text: InvalidText, at location: SourceLocation = #_sourceLocation) {
        guard let error = parsingError(in: text.bytes) else {
            Issue.record("was accepted", sourceLocation: location)
            return
        }
        #expect(error.message.contains(text.message), sourceLocation: location)
        #expect(
            [error.line, error.column] == [text.line, text.column], "\(error)", sourceLocation: location)
    }

    private func parsingError(in bytes: [UInt8], limits: JSONLimits = JSONLimits()) -> JSONError? {
        do {
            _ = try JSONValue(parsing: bytes, limits: limits)
            return nil
        } catch {
            return error
        }
    }
}
