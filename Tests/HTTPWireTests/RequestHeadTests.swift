import Testing

@testable import HTTPWire

@Suite struct RequestHeadTests {
    private func head(_ text: String, secure: Bool = false) throws -> RequestHead {
        let transcript = WireReplay.transcript(of: text, secure: secure)
        #expect(transcript.violation == nil, "\(transcript)")
        return try #require(transcript.heads.first)
    }

    @Test func `a head contains the parts of the request`() throws {
        let head = try head(
            "GET /v1/tasks?limit=2&after=%20 HTTP/1.1\r\nHost: Example.com:8031\r\n"
                + "accept:  */* \t\r\nX-A: 1\r\nx-a:\r\n\r\n"
        )
        #expect(head.method == "GET")
        #expect(head.path == "/v1/tasks")
        #expect(head.query == "limit=2&after=%20")
        #expect(head.authority == "Example.com:8031")
        #expect(head.fields["ACCEPT"] == "*/*")
        #expect(head.fields.values("X-a") == ["1", ""])
        #expect(head.fields["X"] == nil)
        #expect(head.fields.count == 4)
        #expect(head.fields.line(at: 2) == ("X-A", "1"))
        #expect(head.contentLength == 0)
        #expect(head.keepsAlive)
        #expect(!head.expectsContinue)
        #expect(!head.isHTTP10)
    }

    @Test func `an empty query differs from none`() throws {
        #expect(try head("GET /a? HTTP/1.1\r\nHost: a\r\n\r\n").query == "")
        #expect(try head("GET /a HTTP/1.1\r\nHost: a\r\n\r\n").query == nil)
    }

    @Test func `the authority of an absolute-form target overrides Host`() throws {
        #expect(try head("GET http://b:1/ HTTP/1.1\r\nHost: a\r\n\r\n").authority == "b:1")
        #expect(try head("GET / HTTP/1.0\r\n\r\n").authority == "")
    }

    @Test func `an https target requires TLS`() throws {
        let text = "GET https://b/x HTTP/1.1\r\nHost: b\r\n\r\n"
        #expect(try head(text, secure: true).path == "/x")
        #expect(WireReplay.transcript(of: text).violation == .misdirected)
    }

    @Test(arguments: [
        ("1.1", "", true), ("1.1", "close", false), ("1.1", "keep-alive", true),
        ("1.1", "keep-alive, Close", false),
        ("1.1", "x, y", true), ("1.1", "closed", true), ("1.0", "", false), ("1.0", "Keep-Alive", true),
        ("1.0", "keep-alive, close", false), ("1.0", "close", false), ("1.0", "x", false),
    ])
    func `persistence follows version and Connection`(
        version: String, options: String, stays: Bool
    ) throws {
        let head = try head("GET / HTTP/\(version)\r\nHost: a\r\nConnection: \(options)\r\n\r\n")
        #expect(head.keepsAlive == stays)
        #expect(head.isHTTP10 == (version == "1.0"))
    }

    @Test func `Connection options may span several lines`() throws {
        #expect(
            try !head("GET / HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: close\r\n\r\n").keepsAlive)
    }

    @Test(arguments: [
        ("1.1", "Content-Length: 5", true), ("1.1", "Transfer-Encoding: chunked", true),
        ("1.1", "Content-Length: 0", false), ("1.1", "X: y", false), ("1.0", "Content-Length: 5", false),
    ])
    func `100-continue applies only with a body`(
        version: String, framing: String, expected: Bool
    ) throws {
        let head = try head("POST / HTTP/\(version)\r\nHost: a\r\nExpect: 100-continue\r\n\(framing)\r\n\r\n")
        #expect(head.expectsContinue == expected)
    }

    @Test func `the body length is stated or unknown`() throws {
        #expect(
            try head("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775807\r\n\r\n")
                .contentLength == .max)
        #expect(
            try head("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n").contentLength == nil)
    }

    @Test func `trailers arrive with the end`() throws {
        let transcript = WireReplay.transcript(
            of:
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n0\r\nX-Sum: 7\r\n\r\n"
        )
        var trailers = HTTPFields()
        trailers.append("X-Sum", "7")
        #expect(transcript.entries.dropFirst() == [.content(Array("abc".utf8)), .end(trailers)])
    }
}
