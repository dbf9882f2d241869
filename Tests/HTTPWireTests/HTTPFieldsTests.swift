import Testing

@testable import HTTPWire

@Suite struct HTTPFieldsTests {
    @Test func `fields are found case-insensitively, in order`() {
        var fields = HTTPFields()
        #expect(fields.isEmpty)
        fields.append("Accept", "a")
        fields.append("ACCEPT", "b")
        fields.append("Acceptance", "c")
        #expect(fields["accept"] == "a")
        #expect(fields.values("aCCept") == ["a", "b"])
        #expect(fields.contains("acceptance"))
        #expect(!fields.contains("accep"))
        #expect(fields.count == 3)
    }

    @Test func `no value can start a new line`() {
        var fields = HTTPFields()
        fields.append("Location", "a\r\nSet-Cookie: b\n\0\u{7f}c\td")
        #expect(fields["location"] == "a  Set-Cookie: b   c\td")
        #expect(fields.bytes.filter { $0 == .lineFeed }.count == 1)
    }

    @Test func `invalid UTF-8 in a value is replaced`() throws {
        let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\nX: \u{e9}".utf8) + [0xff] + Array("z\r\n\r\n".utf8)
        let head = try #require(WireReplay.transcript(of: bytes).heads.first)
        #expect(head.fields["x"] == "\u{e9}\u{fffd}z")
    }
}
