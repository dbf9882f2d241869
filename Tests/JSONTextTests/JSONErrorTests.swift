import JSONText
import Testing

/// One text that is not our JSON, and where and how it is said.
struct FaultyText: CustomTestStringConvertible, Sendable {
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

@Suite struct JSONFaultTests {
    @Test(arguments: [
        FaultyText("", 1, 1, "empty"),
        FaultyText("  \n ", 1, 1, "empty"),
        FaultyText("{", 1, 2, "an object is not closed"),
        FaultyText("{\"a\":1,\n \"b\":[", 2, 7, "an array is not closed"),
        FaultyText("{\"a\":1,}", 1, 8, "comma before this } is one too many"),
        FaultyText("[1,\n]", 2, 1, "comma before this ] is one too many"),
        FaultyText("{\"a\" 1}", 1, 6, "a colon is expected, not 1"),
        FaultyText("{'a':1}", 1, 2, "a name in double quotes is expected, not '"),
        FaultyText("{a_b:1}", 1, 2, "a name in double quotes is expected, not a_b"),
        FaultyText("{1:1}", 1, 2, "a name in double quotes is expected, not 1"),
        FaultyText("{\"a\":1 \"b\":2}", 1, 8, "a comma or } is expected, not \"b\""),
        FaultyText("{\"a\":1]", 1, 7, "a comma or } is expected, not ]"),
        FaultyText("[1 2]", 1, 4, "a comma or ] is expected, not 2"),
        FaultyText("{\"a\":}", 1, 6, "a value is expected, not }"),
        FaultyText("{\"a\":1,,}", 1, 8, "a name in double quotes is expected, not ,"),
        FaultyText("}", 1, 1, "a JSON value is expected, not }"),
        FaultyText("/* hi */{}", 1, 1, "a JSON value is expected, not /"),
        FaultyText("[True]", 1, 2, "True is no JSON value"),
        FaultyText("[NaN]", 1, 2, "NaN is no JSON value"),
        FaultyText("[-Infinity]", 1, 2, "-Infinity is no JSON value"),
        FaultyText("[nullx]", 1, 2, "nullx is no JSON value"),
        FaultyText("nul", 1, 1, "nul is no JSON value"),
        FaultyText("[1] x", 1, 5, "more text after the end"),
        FaultyText("[1]\n\n  ]", 3, 3, "more text after the end"),
        FaultyText("{} {}", 1, 4, "more text after the end"),
        FaultyText("[1]\0", 1, 4, "more text after the end"),
        FaultyText("5 \"abc\"", 1, 3, "more text after the end"),
        FaultyText("[0\0]", 1, 3, "a NUL byte is no part of JSON"),
        FaultyText("7\0", 1, 2, "a NUL byte is no part of JSON"),
        FaultyText("{\"a\":\n true\0}", 2, 6, "a NUL byte is no part of JSON"),
    ]) func `a fault of grammar is named where its token begins`(_ text: FaultyText) {
        expect(text)
    }

    @Test(arguments: [
        FaultyText("[01]", 1, 2, "01 is no JSON number: no zero before other digits"),
        FaultyText("[-012]", 1, 2, "-012 is no JSON number: no zero before other digits"),
        FaultyText("[1.]", 1, 2, "1. is no JSON number: a digit must follow the point"),
        FaultyText("[ 1.e3]", 1, 3, "1.e3 is no JSON number: a digit must follow the point"),
        FaultyText("[.5]", 1, 2, ".5 is no JSON number: a digit must come first"),
        FaultyText("[+1]", 1, 2, "+1 is no JSON number: no + before it"),
        FaultyText("[-]", 1, 2, "- is no JSON number: a digit must come first"),
        FaultyText("[1e]", 1, 2, "1e is no JSON number: digits must follow the e"),
        FaultyText("[1E+]", 1, 2, "1E+ is no JSON number: digits must follow the e"),
        FaultyText("[0x10]", 1, 2, "0x10 is no JSON number: only decimal digits"),
        FaultyText("[1_000]", 1, 2, "1_000 is no JSON number: only decimal digits"),
        FaultyText("[9223372036854775808]", 1, 2, "9223372036854775808 is too large"),
        FaultyText("{\"a\":\n  -123456789012345678901}", 2, 3, "is too large"),
        FaultyText("[1e400]", 1, 2, "1e400 is too large"),
    ]) func `a number that is none says why`(_ text: FaultyText) {
        expect(text)
    }

    @Test(arguments: [
        FaultyText("[\"a\nb\"]", 1, 4, "a line break inside a string must be written \\n"),
        FaultyText("[\"a\tb\"]", 1, 4, "a control character inside a string must be escaped"),
        FaultyText("[\"a\0b\"]", 1, 4, "a control character inside a string must be escaped"),
        FaultyText("[\"abc", 1, 2, "this string is never closed"),
        FaultyText("\"\\", 1, 2, "escape is cut off"),
        FaultyText("[\"é\\x\"]", 1, 4, "this escape is not one of"),
        FaultyText("[\"\\u12\"]", 1, 3, "four hexadecimal digits"),
        FaultyText("[\"\\u+123\"]", 1, 3, "four hexadecimal digits"),
        FaultyText("[\"\\n\\ud800\"]", 1, 5, "half of a surrogate pair"),
        FaultyText("[\"\\ud800\\u0041\"]", 1, 3, "half of a surrogate pair"),
        FaultyText("[\"\\udc00\"]", 1, 3, "half of a surrogate pair"),
        FaultyText("[\"\\u0000\"]", 1, 3, "\\u0000 is not allowed"),
        FaultyText("{\"\\u0000\":1}", 1, 3, "\\u0000 is not allowed"),
        FaultyText("{\"a\":1,\"a\":2}", 1, 8, "the member \"a\" stands twice"),
        FaultyText("{\"é\":[],\n \"b\":2, \"\\u0062\":3}", 2, 9, "the member \"\\u0062\" stands twice"),
        FaultyText("{\"a\":1,\n\"a\"\n:2}", 2, 1, "the member \"a\" stands twice"),
        FaultyText([0xEF, 0xBB, 0xBF] + Array("{}".utf8), 1, 1, "byte order mark"),
        FaultyText(Array("[\"é".utf8) + [0xFF], 1, 4, "no valid UTF-8"),
        FaultyText(Array("[\"".utf8) + [0xC0, 0x80] + Array("\"]".utf8), 1, 3, "no valid UTF-8"),
        FaultyText(Array("[\"".utf8) + [0xED, 0xA0, 0x80] + Array("\"]".utf8), 1, 3, "no valid UTF-8"),
        FaultyText(Array("[\"".utf8) + [0xE2, 0x82] + Array("\"]".utf8), 1, 3, "no valid UTF-8"),
        FaultyText(Array("[\"".utf8) + [0xF4, 0x90, 0x80, 0x80] + Array("\"]".utf8), 1, 3, "no valid UTF-8"),
        FaultyText(Array("[1]\n".utf8) + [0x80], 2, 1, "no valid UTF-8"),
        FaultyText([0xFF], 1, 1, "no valid UTF-8"),
    ]) func `a fault in a string or a name points at it`(_ text: FaultyText) {
        expect(text)
    }

    @Test func `nesting counts to its limit and not one deeper`() throws {
        let limits = JSONLimits(depth: 4)
        _ = try JSONValue(parsing: Array("[{\"a\":[[]]},[[]],\"[[[[[[\"]".utf8), limits: limits)
        let fault = fault(in: Array("[\n{\"a\":[[[]]]}]".utf8), limits: limits)
        #expect(fault?.line == 2)
        #expect(fault?.column == 8)
        #expect(fault?.message == "arrays and objects are nested more than 4 deep")
    }

    @Test func `the default depth is 32, far below what would exhaust a stack`() throws {
        let bomb = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
        #expect(fault(in: bomb)?.column == 33)
        let deepest = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
        _ = try JSONValue(parsing: Array(deepest.utf8))
    }

    @Test func `a text may have as many bytes as allowed and not one more`() throws {
        let limits = JSONLimits(bytes: 6)
        _ = try JSONValue(parsing: Array("\"abcd\"".utf8), limits: limits)
        let fault = fault(in: Array("\"abcde\"".utf8), limits: limits)
        #expect(fault == JSONError(line: 1, column: 1, message: "the text has 7 bytes; at most 6 are read"))
    }

    private func expect(_ text: FaultyText, at location: SourceLocation = #_sourceLocation) {
        guard let fault = fault(in: text.bytes) else {
            Issue.record("was accepted", sourceLocation: location)
            return
        }
        #expect(fault.message.contains(text.message), sourceLocation: location)
        #expect(
            [fault.line, fault.column] == [text.line, text.column], "\(fault)", sourceLocation: location)
    }

    private func fault(in bytes: [UInt8], limits: JSONLimits = JSONLimits()) -> JSONError? {
        do {
            _ = try JSONValue(parsing: bytes, limits: limits)
            return nil
        } catch {
            return error
        }
    }
}
