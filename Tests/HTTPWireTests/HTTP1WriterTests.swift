import Testing
@testable import HTTPWire

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

    @Test func `a response head is appended completely`() {
        let date = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
        let tag = "ETag: \"a\"\r\n"
        #expect(
            written(.length(120)) == "before|HTTP/1.1 200 OK\r\n" + tag
                + "Content-Length: 120\r\n" + date + "X-Request-Id: r1\r\nConnection: keep-alive\r\n\r\n")
        #expect(
            written(.chunked, status: 404, closes: true) == "before|HTTP/1.1 404 Not Found\r\n" + tag
                + "Transfer-Encoding: chunked\r\n" + date + "X-Request-Id: r1\r\nConnection: close\r\n\r\n")
        #expect(
            written(.none, status: 304) == "before|HTTP/1.1 304 Not Modified\r\n" + tag + date
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

    @Test func `the interim response and the last chunk match the RFC`() {
        #expect(HTTP1Writer.continueBytes == Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
        #expect(HTTP1Writer.lastChunk == Array("0\r\n\r\n".utf8))
    }
}
