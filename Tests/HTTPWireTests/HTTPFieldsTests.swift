import Testing

@testable import HTTPWire

@Suite struct HTTPFieldsTests {
    @Test func `fields are found without regard to case, in order`() {
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

    @Test func `no value can begin a line of its own`() {
        var fields = HTTPFields()
        fields.append("Location", "a\r\nSet-Cookie: b\n\0\u{7f}c\td")
        #expect(fields["location"] == "a  Set-Cookie: b   c\td")
        #expect(fields.bytes.filter { $0 == .lineFeed }.count == 1)
    }

    @Test func `what is not UTF-8 can be read all the same`() throws {
        let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\nX: \u{e9}".utf8) + [0xff] + Array("z\r\n\r\n".utf8)
        let head = try #require(WireReplay.transcript(of: bytes).heads.first)
        #expect(head.fields["x"] == "\u{e9}\u{fffd}z")
    }
}

@Suite struct HTTP1WriterTests {
    private func written(
        _ framing: ResponseHead.Framing, status: Int = 200, closes: Bool = false
    ) -> String {
        var fields = HTTPFields()
        fields.append("ETag", "\"a\"")
        var head = ResponseHead(
            status: status, fields: fields, framing: framing, date: IMFDate.bytes(784_111_777))
        head.requestID = "r1"
        head.closes = closes
        var out: [UInt8] = Array("before|".utf8)
        HTTP1Writer.writeHead(head, into: &out)
        return String(decoding: out, as: UTF8.self)
    }

    @Test func `a head is written whole, after what is there`() {
        let start = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nETag: \"a\"\r\n"
        #expect(
            written(.length(120)) == "before|HTTP/1.1 200 OK\r\n" + start
                + "Content-Length: 120\r\nX-Request-Id: r1\r\nConnection: keep-alive\r\n\r\n")
        #expect(
            written(.chunked, status: 404, closes: true) == "before|HTTP/1.1 404 Not Found\r\n" + start
                + "Transfer-Encoding: chunked\r\nX-Request-Id: r1\r\nConnection: close\r\n\r\n")
        #expect(
            written(.none, status: 304) == "before|HTTP/1.1 304 Not Modified\r\n" + start
                + "X-Request-Id: r1\r\nConnection: keep-alive\r\n\r\n")
        #expect(written(.length(0), status: 299).contains("HTTP/1.1 299 \r\n"))
    }

    @Test(arguments: [Int64(0), 9, 10, 99, 100, 67_108_864, .max])
    func `a length is written in full`(_ length: Int64) {
        #expect(written(.length(length)).contains("Content-Length: \(length)\r\n"))
    }

    @Test(arguments: [(1, "1"), (15, "f"), (16, "10"), (255, "ff"), (256, "100"), (65_536, "10000")])
    func `a chunk begins with its size`(size: Int, text: String) {
        var out: [UInt8] = []
        HTTP1Writer.appendChunkStart(size: size, to: &out)
        #expect(out == Array((text + "\r\n").utf8))
    }

    @Test func `the interim answer and the last chunk are as the RFC has them`() {
        #expect(HTTP1Writer.continueBytes == Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
        #expect(HTTP1Writer.lastChunk == Array("0\r\n\r\n".utf8))
    }
}

@Suite struct ByteSetTests {
    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

    @Test func `each set holds what its RFC lists and nothing else`() {
        let letters = Self.letters
        let expected: [(ByteSet, String)] = [
            (.token, letters + "!#$%&'*+-.^_`|~"), (.path, letters + "-._~!$&'()*+,;=:@/"),
            (.query, letters + "-._~!$&'()*+,;=:@/?"), (.registeredName, letters + "-._~!$&'()*+;="),
            (.hexDigit, "0123456789abcdefABCDEF"),
        ]
        for (set, text) in expected {
            let found = (UInt8.min...UInt8.max).filter(set.contains)
            #expect(found == Array(text.utf8).sorted())
        }
    }

    @Test func `the first of a kind is found wherever it stands`() {
        for length in 0..<40 {
            for place in 0..<length {
                for byte: UInt8 in [0, 9, 10, 0x1f, 0x7f] {
                    var bytes = [UInt8](repeating: 0x80, count: length)
                    bytes[place] = byte
                    if place > 0 { bytes[place - 1] = 0x20 }
                    if place + 1 < length { bytes[place + 1] = byte &+ 1 }
                    #expect(bytes.span.endOfText(in: 0..<length) == place)
                    #expect(bytes.span.firstIndex(of: byte, in: 0..<length) == place)
                }
            }
            let text = [UInt8](repeating: 0xff, count: length)
            #expect(text.span.endOfText(in: 0..<length) == length)
            #expect(text.span.firstIndex(of: 0, in: 0..<length) == nil)
        }
    }
}
