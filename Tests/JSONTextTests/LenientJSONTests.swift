import JSONText
import Testing

/// Texts that a strict parser rejects, and their lenient values.
@Suite struct LenientJSONTests {
    private func read(_ text: String) -> String? { read(Array(text.utf8)) }

    private func read(_ text: [UInt8]) -> String? {
        LenientJSON(text).map { String(decoding: $0.value.serialized(), as: UTF8.self) }
    }

    @Test(arguments: [
        // Byte order marks, white space and NUL.
        ("\u{FEFF}{\"a\":1}", #"{"a":1}"#), (" \u{FEFF} {\"a\":1}", #"{"a":1}"#),
        ("\0{\"a\"\0:1}\0", #"{"a":1}"#), ("\u{0B}\u{0C}{\"a\":1}", #"{"a":1}"#),
        // Numbers that exceed 64 bits or are not JSON.
        (#"{"seed":18446744073709551615}"#, #"{"seed":null}"#),
        (
            #"{"a":9223372036854775807,"b":-9223372036854775808,"c":-9223372036854775809}"#,
            #"{"a":9223372036854775807,"b":-9223372036854775808,"c":null}"#
        ),
        (#"{"a":NaN,"b":Infinity,"c":-Infinity,"d":nan}"#, #"{"a":null,"b":null,"c":null,"d":null}"#),
        (
            #"{"a":+1,"b":01,"c":1.,"d":.5,"e":0x1F,"f":1e400,"g":1_000}"#,
            #"{"a":null,"b":null,"c":null,"d":null,"e":null,"f":null,"g":null}"#
        ),
        (#"{"a":1.5,"b":-0,"c":8.0,"d":2e3}"#, #"{"a":1.5,"b":0,"c":8,"d":2000}"#),
        (#"{"id":18446744073709551616}"#, #"{"id":"18446744073709551616"}"#),
        // Duplicate names.
        (#"{"a":"x","a":"x"}"#, #"{"a":"x"}"#), (#"{"a":null,"a":1,"a":null}"#, #"{"a":1}"#),
        (#"{"a":1,"b":2,"a":3}"#, #"{"a":1,"b":2,"a":3}"#),
        (#"{"a":{"b":[1,2]},"a":{"b":[1,2]}}"#, #"{"a":{"b":[1,2]}}"#),
        // Strings.
        (
            #"{"a":"\ud800","b":"\udc00\ud83d\ude00","c":"\ud83dx"}"#,
            "{\"a\":\"\u{FFFD}\",\"b\":\"\u{FFFD}\u{1F600}\",\"c\":\"\u{FFFD}x\"}"
        ),
        ("{\"a\":\"one\ntwo\tthree\u{1}\"}", #"{"a":"one\ntwo\tthree\u0001"}"#),
        (#"{"a":"\u0000","b":"\x\q\u12"}"#, "{\"a\":\"\\u0000\",\"b\":\"xq\u{FFFD}12\"}"),
        (#"{'a':'it is "so"'}"#, #"{"a":"it is \"so\""}"#),
        // Commas, comments, and names and literals of other languages.
        (#"{"a":1,}"#, #"{"a":1}"#), (#"{,"a":[1,,2,],}"#, #"{"a":[1,2]}"#),
        (#"{"a":1 "b":2}"#, #"{"a":1,"b":2}"#),
        ("{/* x */\"a\":1, // y\n\"b\":2}", #"{"a":1,"b":2}"#),
        (
            #"{a:1,b_2:undefined,c:None,d:True,e:FALSE}"#,
            #"{"a":1,"b_2":null,"c":null,"d":true,"e":false}"#
        ),
        (#"{"a":,"b":}"#, #"{"a":null,"b":null}"#),
        // Text before and after the value.
        (")]}',\n{\"a\":1}", #"{"a":1}"#), ("while(1);{\"a\":1}", #"{"a":1}"#),
        ("for(;;);[{\"a\":1}]", #"[{"a":1}]"#), ("callback({\"a\":1});", #"{"a":1}"#),
        ("data: {\"a\":1}\n\ndata: [DONE]", #"{"a":1}"#), (#"{"a":1} x"#, #"{"a":1}"#),
        (#"{"a":1}}}"#, #"{"a":1}"#), ("{\"a\":1}\n<!-- 12 ms -->", #"{"a":1}"#),
        ("<br />\n<b>Warning</b>: \"x\" in y on line 3<br />\n{\"a\":1}\n", #"{"a":1}"#),
    ])
    func `malformed parts are tolerated`(_ text: String, _ expected: String) {
        #expect(read(text) == expected)
    }

    @Test(arguments: [
        "", " ", "null", "7", "\"id\"", "id", "<html></html>", "error code: 1010", "{", "[", "{\"a\":1",
        "{\"a\":\"b",
        "{\"a\":[1,2}", "{\"a\"}", "{\"a\":{\"b\":1}", "[1:2]", "<script>{\"id\":\"x\"}</script>",
        "<html>\n<script>\n{\"id\":\"x\"}\n</script></html>", "\u{FEFF}", "{\"a\":\"b\\",
        "the server says \"no\" and shows {\"a\":1}",
    ])
    func `a text without a complete object or array is rejected`(_ text: String) {
        #expect(read(text) == nil)
    }

    @Test func `ill-formed UTF-8 becomes a replacement character`() {
        let text = Array(#"{"a":""#.utf8) + [0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80] + Array(#"","b":1}"#.utf8)
        let value = LenientJSON(text)?.value
        #expect(value?["a"]?.string?.unicodeScalars.filter { $0 == "\u{FFFD}" }.isEmpty == false)
        #expect(value?["a"]?.string?.contains("(") == true)
        #expect(value?["b"]?.integer == 1)
    }

    @Test func `UTF-16 and UTF-32 are decoded in both byte orders, with and without a mark`() {
        let text = "{\"a\":\"é\u{1F600}\"}"
        func bytes(_ units: [UInt32], _ size: Int, isBig: Bool) -> [UInt8] {
            units.flatMap { unit -> [UInt8] in
                let big = (0..<size).map { UInt8(truncatingIfNeeded: unit >> (8 * (size - 1 - $0))) }
                return isBig ? big : big.reversed()
            }
        }
        for isBig in [true, false] {
            for mark in [[], [UInt32(0xFEFF)]] {
                let units16 = mark + text.utf16.map(UInt32.init)
                let units32 = mark + text.unicodeScalars.map(\.value)
                #expect(read(bytes(units16, 2, isBig: isBig)) == text)
                #expect(read(bytes(units32, 4, isBig: isBig)) == text)
            }
        }
    }

    @Test func `nesting beyond the limit is skipped`() {
        let deep = 200_000
        let text =
            #"{"a":"# + String(repeating: "[", count: deep) + String(repeating: "]", count: deep)
            + #","id":"task-1"}"#
        let value = LenientJSON(Array(text.utf8))?.value
        #expect(value?["id"]?.string == "task-1")
        #expect(LenientJSON(Array(String(repeating: "[", count: deep).utf8)) == nil)
        let objects = String(repeating: #"{"a":"#, count: deep)
        #expect(LenientJSON(Array(objects.utf8)) == nil)
    }

    @Test func `a second object is found`() {
        let two = LenientJSON(Array("{\"id\":\"a\"}\n{\"id\":\"b\"}".utf8))
        #expect(two?.value["id"]?.string == "a" && two?.following?["id"]?.string == "b")
        #expect(LenientJSON(Array(#"{"a":1}{"#.utf8))?.following == nil)
    }

    @Test func `many members and many values of one name are bounded`() {
        let many = (0..<50_000).map { #""n\#($0)":\#($0)"# }.joined(separator: ",")
        #expect(LenientJSON(Array("{\(many)}".utf8))?.value.object?.members.count == 50_000)
        let same = (0..<50_000).map { #""n":\#($0)"# }.joined(separator: ",")
        #expect(LenientJSON(Array("{\(same)}".utf8))?.value.object?.values(named: "n").count == 8)
    }

    @Test func `a text over the limit is rejected`() {
        let text = Array(#"{"a":1}"#.utf8)
        #expect(LenientJSON(text, limits: JSONLimits(bytes: 6)) == nil)
        #expect(LenientJSON(text, limits: JSONLimits(bytes: 7)) != nil)
    }
}
