import JSONText
import Testing

@Suite struct JSONPointerTests {
    /// The examples of RFC 6901 §5.
    static let document: JSONValue = [
        "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7,
        "m~n": 8,
    ]

    @Test(arguments: [
        ("/foo", JSONValue.array(["bar", "baz"])), ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1), ("/c%d", 2),
        ("/e^f", 3), ("/g|h", 4), ("/i\\j", 5), ("/k\"l", 6), ("/ ", 7), ("/m~0n", 8), ("", document),
    ]) func `the examples of RFC 6901 resolve`(_ text: String, _ value: JSONValue) throws {
        let pointer = try #require(JSONPointer(parsing: text))
        #expect(Self.document.value(at: pointer) == value)
        #expect(pointer.description == text)
    }

    @Test(arguments: ["/foo/00", "/foo/-", "/foo/2", "/foo/+1", "/foo/0/x", "/none", "/m~01n"])
    func `a pointer to a missing value yields nil`(_ text: String) throws {
        let pointer = try #require(JSONPointer(parsing: text))
        #expect(Self.document.value(at: pointer) == nil)
    }

    @Test(arguments: ["foo", "/~", "/~2", "/a~", "#/foo"])
    func `an invalid pointer is rejected`(_ text: String) {
        #expect(JSONPointer(parsing: text) == nil)
    }

    @Test func `appended tokens are escaped`() {
        let pointer = JSONPointer.root.appending("a/b").appending(3).appending("~é\u{301}").appending("")
        #expect(pointer.description == "/a~1b/3/~0é\u{301}/")
        #expect(JSONPointer(parsing: pointer.description) == pointer)
    }
}
