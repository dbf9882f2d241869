import Testing
import Tracing

/// `tracestate`, by the cases of the W3C's test suite.
@Suite struct TraceStateTests {
    private static func text(_ values: String...) -> String? { TraceState(parsing: values)?.text }

    private static func letters(_ count: Int, _ letter: Character = "t") -> String {
        String(repeating: letter, count: count)
    }

    @Test func `fields are combined in their order, without blanks and empty members`() {
        #expect(Self.text() == "")
        #expect(Self.text("") == "")
        #expect(Self.text("foo=1", "bar=2") == "foo=1,bar=2")
        #expect(Self.text(" foo=1 \t,\t bar=2, ", "", ",baz=3") == "foo=1,bar=2,baz=3")
    }

    @Test func `values may have any printable character but comma and equals sign`() {
        let printable = (0x20...0x7E).compactMap { Unicode.Scalar($0) }.filter { $0 != "," && $0 != "=" }
        let value = String(String.UnicodeScalarView(printable)) + "."
        #expect(Self.text("foo=x\(value)") == "foo=x\(value)")
    }

    @Test(arguments: [
        "foo", "foo=", "=1", "foo =1", "FOO=1", "foo.bar=1", "foo@=1,bar=2", "@foo=1,bar=2", "foo@@bar=1",
        "foo@bar@baz=1", "foo=bar=baz", "foo=1,bar", "foo=\u{7F}", "foo=\u{E9}", "1a=1",
        "foo=a\tb", "f\u{F6}o=1", "a@1=1",
    ])
    func `one invalid member drops all`(_ text: String) { #expect(Self.text(text) == nil) }

    @Test func `keys are letters first, and at most as long as they may be`() {
        for key in [
            "abcdefghijklmnopqrstuvwxyz0123456789_-*/", "a-0123456789@abcdefghi", "0@a", Self.letters(256),
            Self.letters(241) + "@" + Self.letters(14, "v"),
        ] {
            #expect(Self.text("\(key)=1") == "\(key)=1", "\(key)")
        }
        for key in [
            Self.letters(257), Self.letters(242) + "@v", "t@" + Self.letters(15, "v"), "a@_b", "-a", "",
        ] {
            #expect(Self.text("\(key)=1") == nil, "\(key)")
        }
        #expect(Self.text("a=" + Self.letters(256)) == "a=" + Self.letters(256))
        #expect(Self.text("a=" + Self.letters(257)) == nil)
    }

    @Test func `thirty-two members are passed on, one more drops all`() {
        let members = (1...33).map { "bar\($0)=\($0)" }
        #expect(
            Self.text(members.dropLast().joined(separator: ",")) == members.dropLast().joined(separator: ","))
        #expect(Self.text(members.joined(separator: ",")) == nil)
    }

    @Test func `of a key that occurs twice the first member counts`() {
        #expect(Self.text("foo=1,bar=2,foo=3") == "foo=1,bar=2")
        #expect(Self.text("foo=1", "foo=1") == "foo=1")
    }

    @Test func `beyond 512 characters long members go first, then the last ones`() {
        let short = (1...10).map { "k\($0)=" + Self.letters(40) }
        let long = "long=" + Self.letters(200)
        let all = ([long] + short).joined(separator: ",")
        #expect(all.utf8.count > 512)
        #expect(Self.text(all) == short.joined(separator: ","))
        let many = (10...29).map { "k\($0)=" + Self.letters(40) }
        #expect(Self.text(many.joined(separator: ",")) == many.prefix(11).joined(separator: ","))
        let whole = "a=" + Self.letters(256) + ",b=" + Self.letters(251)
        #expect(whole.utf8.count == 512 && Self.text(whole) == whole)
    }
}
