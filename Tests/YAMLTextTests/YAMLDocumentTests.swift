import JSONText
import Testing
import YAMLText

@Suite struct YAMLDocumentTests {
    static let scalars: [(String, JSONValue)] = [
        ("null", .null), ("~", .null), ("NULL", .null), ("true", true), ("False", false), ("TRUE", true),
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("y", "y"), ("tRUE", "tRUE"),
        ("0", 0), ("8", 8), ("-12", -12), ("9223372036854775807", .integer(.max)), ("0.5", .real(0.5)),
        ("1e3", 1000), ("010", "010"), ("0x10", "0x10"), ("0o17", "0o17"), ("1_000", "1_000"),
        ("+1", "+1"), (".5", ".5"), ("1.", "1."), (".inf", ".inf"), (".nan", ".nan"), ("-", .array([.null])),
        ("24h", "24h"), ("50GiB", "50GiB"), ("250ms", "250ms"), ("16:9", "16:9"), ("12:30:45", "12:30:45"),
        ("2026-01-01", "2026-01-01"), ("veo-3.1-fast", "veo-3.1-fast"), ("720p", "720p"), ("4k", "4k"),
        ("\"8\"", "8"), ("'true'", "true"), ("\"\"", ""), ("\"null\"", "null"), ("|\n  8\n", "8\n"),
        ("<<", "<<"), ("-5x", "-5x"), ("!!str 8", "8"), ("--", "--"),
    ]

    @Test(arguments: scalars)
    func `a scalar has the expected type`(_ text: String, _ value: JSONValue) throws {
        #expect(try YAMLDocument(parsing: "a: b\nkey:\n  \(text)\n").value["key"] == value)
    }

    @Test func `an empty document is null`() throws {
        for text in ["", "# nothing\n", "---\n", "\n\n"] {
            #expect(try YAMLDocument(parsing: text).value == .null)
        }
    }

    static let settings = """
        # comment
        listen:
          - address: 127.0.0.1:8031
          - address: "[::1]:8031"
            tls: {certificate: cert.pem, key: key.pem}
        a/b~c:
          nested:
            - - 1
              - 2
        8: eight
        text: >
          folded
          text
        """

    @Test func `members keep their order, and every part has its line`() throws {
        let document = try YAMLDocument(parsing: Self.settings)
        #expect(document.value.object?.members.map(\.name) == ["listen", "a/b~c", "8", "text"])
        #expect(document.value["listen"]?.array?.last?["tls"]?["key"] == "key.pem")
        #expect(document.value["text"] == "folded text")
        let lines = [
            "": 2, "/listen": 2, "/listen/0": 3, "/listen/0/address": 3, "/listen/1": 4,
            "/listen/1/tls/key": 5,
            "/a~1b~0c": 6, "/a~1b~0c/nested": 7, "/a~1b~0c/nested/0/1": 9, "/8": 10, "/text": 11,
        ]
        for (pointer, line) in lines { #expect(document.line(of: pointer) == line, "\(pointer)") }
    }

    @Test func `a missing part has the line of its nearest ancestor`() throws {
        let document = try YAMLDocument(parsing: Self.settings)
        #expect(document.line(of: "/listen/1/tls/ca") == 5)
        #expect(document.line(of: "/listen/7/address") == 2)
        #expect(document.line(of: "/none") == 2)
        #expect(document.line(of: "no pointer") == nil)
        #expect(try YAMLDocument(parsing: "").line(of: "/models") == 1)
    }

    static let invalid: [(String, Int, String)] = [
        ("a: 1\nb: 2\na: 3\n", 1, "duplicate key a"),
        ("x:\n  8: 1\n  \"8\": 2\n", 2, "duplicate key 8"),
        ("a: 1\n b: 2\n", 2, "mapping values are not allowed"),
        ("a: [1, 2\nb: 3\n", 2, "did not find expected ',' or ']'"),
        ("a: 'open\n", 2, "found unexpected end of stream"),
        ("a:\n\t- b\n", 2, "found character that cannot start any token"),
        ("a: &x 1\n", 1, "anchors and aliases"),
        ("a: 1\nb: &x [1]\nc: *x\n", 2, "anchors and aliases"),
        ("b: *none\n", 1, "undefined alias"),
        ("a: !!int 3\n", 1, "tags (tag:yaml.org,2002:int) are not supported"),
        ("a: !mine [1]\n", 1, "tags (!mine) are not supported"),
        ("a: 1\n---\nb: 2\n", 2, "found another document"),
        ("a: 1\nb: 9223372036854775808\n", 2, "the number is too large"),
        ("? [1]\n: 2\n", 1, "a key must be a string"),
    ]

    @Test(arguments: invalid)
    func `invalid YAML is rejected with its line`(_ text: String, _ line: Int, _ message: String) {
        let error = #expect(throws: YAMLError.self) { try YAMLDocument(parsing: text) }
        #expect(error?.line == line, "\(error.debugDescription)")
        #expect(error?.message.contains(message) == true, "\(error.debugDescription)")
    }

    @Test func `invalid UTF-8 is reported with its line, and a byte order mark is accepted`() throws {
        let wrong = Array("a: 1\nb: ".utf8) + [0xFF, 0x0A]
        let error = #expect(throws: YAMLError.self) { try YAMLDocument(parsing: wrong) }
        #expect(error == YAMLError(line: 2, column: 1, message: "this line is not valid UTF-8"))
        #expect(try YAMLDocument(parsing: [0xEF, 0xBB, 0xBF] + Array("a: 1".utf8)).value == ["a": 1])
        #expect(throws: YAMLError.self) { try YAMLDocument(parsing: Array("a: \u{0}".utf8)) }
    }

    @Test func `size and depth are bounded`() throws {
        let deep = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
        _ = try YAMLDocument(parsing: deep)
        let tooDeep = #expect(throws: YAMLError.self) { try YAMLDocument(parsing: "[\n\(deep)]") }
        #expect(tooDeep?.message == "lists and mappings are nested more than 32 deep")
        #expect(tooDeep?.line == 2)
        for bomb in ["[", "- ", "? ", "{a: "] {
            let text = String(repeating: bomb, count: 100_000)
            #expect(throws: YAMLError.self) { try YAMLDocument(parsing: text) }
        }
        let long = "a: " + String(repeating: "x", count: YAMLDocument.bytesMax)
        #expect(throws: YAMLError.self) { try YAMLDocument(parsing: long) }
    }

    @Test func `exponentially nested aliases are rejected`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...30 {
            text +=
                "a\(level): &a\(level) ["
                + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "]\n"
        }
        #expect(throws: YAMLError.self) { try YAMLDocument(parsing: text) }
    }
}
