import JSONText
import TestSupport
import Testing

@Suite struct JSONValueTests {
    static let parsed: [(String, JSONValue)] = [
        ("null", JSONValue.null), ("true", true), ("false", false), ("0", 0), ("-0", 0), ("\"\"", ""),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("1E-2", .real(0.01)), ("1e19", .real(1e19)), ("8.5", .real(8.5)),
        ("5e-324", .real(.leastNonzeroMagnitude)),
        ("[]", []), ("{}", [:]), (" [ 1 ,\t2\r\n] ", [1, 2]),
        ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\"", "\"\\/\u{8}\u{c}\n\r\té😀"),
        ("{\"b\":{\"é\":[null,true]},\"a\":\"中\"}", ["b": ["é": [nil, true]], "a": "中"]),
    ]

    @Test(arguments: parsed)
    func `a text is parsed to its value`(_ text: String, _ value: JSONValue) throws {
        #expect(try JSONValue(parsing: Array(text.utf8)) == value)
    }

    @Test func `members keep their order`() throws {
        let names = (0..<200).map { "name\($0 * 7919 % 200)" }
        let text = "{" + names.map { "\"\($0)\":1" }.joined(separator: ",") + "}"
        #expect(try JSONValue(parsing: Array(text.utf8)).object?.members.map(\.name) == names)
    }

    static let serialized: [(JSONValue, String)] = [
        (JSONValue.null, "null"), (true, "true"), (.real(8), "8"), (.real(-0.0), "0"), (.real(0.1), "0.1"),
        (.real(1e23), "1e+23"),
        (.integer(.min), "-9223372036854775808"), ([], "[]"), ([1, [2, 3], [:]], "[1,[2,3],{}]"),
        (["a": 1, "b": [nil], "c": ["d": "e"]], "{\"a\":1,\"b\":[null],\"c\":{\"d\":\"e\"}}"),
        ("a/é\u{7f}😀", "\"a/é\u{7f}😀\""),
        ("\"\\\n\r\t\u{8}\u{c}\u{0}\u{1f}", #""\"\\\n\r\t\b\f\u0000\u001f""#),
    ]

    @Test(arguments: serialized)
    func `a value is serialized to the shortest text`(_ value: JSONValue, _ text: String) {
        #expect(String(decoding: value.serialized(), as: UTF8.self) == text)
    }

    @Test func `a serialized value parses to itself`() throws {
        var random = SeededRandom(seed: .random(in: 0 ... .max))
        for _ in 0..<2000 {
            let value = JSONValue.random(using: &random)
            let written = value.serialized()
            let back = try JSONValue(parsing: written)
            #expect(back == value, "seed \(random.seed)")
            #expect(back.serialized() == written, "seed \(random.seed)")
        }
    }

    @Test func `a truncated or changed text is parsed, or rejected at an offset inside it`() {
        let text = Array(#"{"a":[1,-2.5e3,true,null,"x\né\u0041"],"b":{"c":"\ud83d\ude00"}}"#.utf8)
        var random = SeededRandom(seed: .random(in: 0 ... .max))
        for index in text.indices {
            #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text[..<index])) }
            for _ in 0..<50 {
                var changed = text
                changed[index] = UInt8.random(in: 0...255, using: &random)
                expectConsistent(changed, "seed \(random.seed)")
            }
        }
    }

    private func expectConsistent(_ bytes: [UInt8], _ comment: Comment) {
        do throws(JSONError) {
            let value = try JSONValue(parsing: bytes)
            #expect((try? JSONValue(parsing: value.serialized())) == value, comment)
        } catch {
            #expect(error.line <= 2 && error.column <= bytes.count + 1 && error.column >= 1, comment)
            #expect(!error.message.isEmpty, comment)
        }
    }

    /// Runs in a process of its own, so that only its own memory is measured.
    @Test func `parsing leaks no memory`() async {
        await #expect(processExitsWith: .success) {
            let good = Array(#"{"a":[1,2.5,"text",{"b":null}]}"#.utf8)
            let bad = Array(#"{"a":[1,2.5,"text",{"b":null}],"a":1}"#.utf8)
            // A leak of one node a round grows every window by half a megabyte; memory cached by the
            // allocator grows only once. So the smallest growth counts.
            var growths: [Int] = []
            for _ in 0..<6 {
                let before = residentPages()
                for _ in 0..<20_000 {
                    _ = try JSONValue(parsing: good)
                    _ = try? JSONValue(parsing: bad)
                }
                try #require(before > 0)
                growths.append(residentPages() - before)
            }
            try #require(growths.contains { $0 < 64 })
        }
    }

    @Test func `names that only look alike are distinct`() throws {
        let value = try JSONValue(parsing: Array("{\"\u{212A}\":1,\"K\":2}".utf8))
        #expect(value["K"] == 2)
        #expect(value["\u{212A}"] == 1)
        var object = try #require(value.object)
        object["K"] = nil
        #expect(object.members.map(\.value) == [1])
        object["new"] = 3
        object["\u{212A}"] = 4
        #expect(object.members.map(\.value) == [4, 3])
    }
}
