import Testing

@testable import HTTPWire

@Suite struct RequestHeadTests {
    private func head(_ text: String, secure: Bool = false) throws -> RequestHead {
        let transcript = WireReplay.transcript(of: text, secure: secure)
        #expect(transcript.violation == nil, "\(transcript)")
        return try #require(transcript.heads.first)
    }

    @Test func `a head says what was asked for`() throws {
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

    @Test func `a query may be empty, which is not none`() throws {
        #expect(try head("GET /a? HTTP/1.1\r\nHost: a\r\n\r\n").query == "")
        #expect(try head("GET /a HTTP/1.1\r\nHost: a\r\n\r\n").query == nil)
    }

    @Test func `the authority of the target counts more than the Host field`() throws {
        #expect(try head("GET http://b:1/ HTTP/1.1\r\nHost: a\r\n\r\n").authority == "b:1")
        #expect(try head("GET / HTTP/1.0\r\n\r\n").authority == "")
    }

    @Test func `an https target is for connections with TLS`() throws {
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
    func `a connection stays open as its version and options say`(
        version: String, options: String, stays: Bool
    ) throws {
        let head = try head("GET / HTTP/\(version)\r\nHost: a\r\nConnection: \(options)\r\n\r\n")
        #expect(head.keepsAlive == stays)
        #expect(head.isHTTP10 == (version == "1.0"))
    }

    @Test func `options may be spread over lines`() throws {
        #expect(
            try !head("GET / HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: close\r\n\r\n").keepsAlive)
    }

    @Test(arguments: [
        ("1.1", "Content-Length: 5", true), ("1.1", "Transfer-Encoding: chunked", true),
        ("1.1", "Content-Length: 0", false), ("1.1", "X: y", false), ("1.0", "Content-Length: 5", false),
    ])
    func `a 100 is expected where a body is still to come`(
        version: String, framing: String, expected: Bool
    ) throws {
        let head = try head("POST / HTTP/\(version)\r\nHost: a\r\nExpect: 100-continue\r\n\(framing)\r\n\r\n")
        #expect(head.expectsContinue == expected)
    }

    @Test func `the length of a body is stated or unknown`() throws {
        #expect(
            try head("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775807\r\n\r\n")
                .contentLength == .max)
        #expect(
            try head("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n").contentLength == nil)
    }

    @Test func `trailers are told with the end`() throws {
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

@Suite struct HTTP1ParserTests {
    @Test func `a fault is told again, whatever follows`() {
        var parser = HTTP1Parser(limits: MessageLimits())
        var offset = 0
        let bad = Array("GET / HTTP/1.1\n".utf8)
        let good = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        #expect(throws: MessageError.self) { try parser.next(bad.span, from: &offset) }
        offset = 0
        #expect(throws: MessageError.self) { try parser.next(good.span, from: &offset) }
        #expect(!parser.isBetweenRequests)
    }

    @Test func `a parser knows whether it is between requests`() throws {
        var parser = HTTP1Parser(limits: MessageLimits())
        var offset = 0
        let bytes = Array("\r\nPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi".utf8)
        #expect(parser.isBetweenRequests)
        #expect(try parser.next(bytes.span.extracting(first: 20), from: &offset) == nil)
        #expect(offset == 2, "the empty line is consumed, the incomplete head is not")
        #expect(parser.isBetweenRequests)
        guard case .head? = try parser.next(bytes.span, from: &offset) else { return #expect(Bool(false)) }
        #expect(!parser.isBetweenRequests)
        #expect(try parser.next(bytes.span, from: &offset) == .body(bytes.count - 2..<bytes.count))
        #expect(!parser.isBetweenRequests)
        #expect(try parser.next(bytes.span, from: &offset) == .end(trailers: HTTPFields()))
        #expect(parser.isBetweenRequests)
        #expect(try parser.next(bytes.span, from: &offset) == nil)
    }

    @Test(arguments: [40, 41])
    func `a header section may be as long as its limit`(_ length: Int) {
        let line = "Host: a\r\nX: "
        let limits = MessageLimits(header: 40)
        let fill = String(repeating: "x", count: length - line.utf8.count - 2)
        let transcript = WireReplay.transcript(of: "GET / HTTP/1.1\r\n\(line)\(fill)\r\n\r\n", limits: limits)
        #expect(transcript.violation?.status == (length == 40 ? nil : 431))
    }

    @Test func `trailers and chunk lines have limits of their own`() {
        let limits = MessageLimits(trailers: 6, chunkLine: 8)
        let start = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(
            WireReplay.transcript(of: start + "1;abcde\r\nx\r\n0\r\n\r\n", limits: limits).violation == nil)
        #expect(
            WireReplay.transcript(of: start + "1;abcdef\r\nx\r\n0\r\n\r\n", limits: limits).violation?.status
                == 400)
        #expect(
            WireReplay.transcript(of: start + "0\r\nX: ab\r\n\r\n", limits: limits).violation?.status == 431)
        #expect(WireReplay.transcript(of: start + "0\r\nX: a\r\n\r\n", limits: limits).violation == nil)
    }

    @Test func `every fault has a code that the contract knows, and holds nothing of the request`() throws {
        let codes: [Int: String] = [
            400: "bad_request", 414: "target_too_long", 417: "expectation_failed", 421: "misdirected_request",
            431: "headers_too_large", 501: "not_implemented",
        ]
        for message in try CorpusFile.all().flatMap(\.cases) {
            guard
                let fault = WireReplay.feed([message.bytes], to: HTTP1Parser(limits: MessageLimits()))
                    .violation
            else { continue }
            #expect(fault.code == codes[fault.status])
            #expect(!fault.message.isEmpty && fault.message.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f })
        }
    }
}

/// A head that comes again is not read again, which nobody must notice.
@Suite struct RepeatedHeadTests {
    private static let poll = "GET /v1/tasks/a HTTP/1.1\r\nHost: h\r\nX-A: 1\r\n\r\n"
    private static let post = "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab"

    /// Whether each head was known, as one packet each.
    private func known(_ packets: [String], limits: MessageLimits = MessageLimits()) throws -> [Bool] {
        var parser = HTTP1Parser(limits: limits)
        return try packets.flatMap { packet in
            let bytes = Array(packet.utf8)
            var (offset, known) = (0, [Bool]())
            while let event = try parser.next(bytes.span, from: &offset) {
                if case .head = event { known.append(parser.hasRepeatedHead) }
            }
            return known
        }
    }

    @Test func `the same head means the same again, however it is cut`() {
        let other = Self.poll.replacing("X-A: 1", with: "X-A: 2")
        let longer = Self.poll.replacing("/a ", with: "/ab ")
        let more = Self.poll.replacing("X-A: 1\r\n", with: "X-A: 1\r\nX-B: 1\r\n")
        for (between, count) in [
            ("", 5), ("\r\n", 5), (other, 6), (longer, 6), (more, 6), (Self.post, 6),
        ] {
            let text = Self.poll + Self.poll + Self.poll + between + Self.poll + Self.poll
            let heads = WireReplay.transcript(of: text).heads
            #expect(heads.count == count, "\(between)")
            #expect(heads.filter { $0.path == "/v1/tasks/a" && $0.fields["X-A"] == "1" }.count >= 5)
            #expect(heads.first == heads.last)
        }
    }

    @Test func `a head is known from its third time on, for the second could be the last`() throws {
        let poll = Self.poll
        #expect(try known([poll, poll, poll, poll]) == [false, false, true, true])
        #expect(try known([poll + poll + poll + poll]) == [false, false, true, true])
        #expect(try known([poll, Self.post, poll, poll]) == [false, false, false, true])
        #expect(
            try known([poll, poll, poll.replacing("/a ", with: "/b "), poll]) == [false, false, false, false])
    }

    @Test func `heads with a body, at a connection's end, or too long to keep are read each time`() throws {
        let last = Self.poll.replacing("X-A: 1", with: "Connection: close")
        let long = Self.poll.replacing("X-A: 1", with: "X-A: " + String(repeating: "a", count: 500))
        for text in [Self.post, last, long] {
            #expect(try known([text, text, text, text]) == [false, false, false, false])
        }
    }

    @Test func `empty lines before known heads are still counted for each request alone`() throws {
        let packets = [String](repeating: "\r\n\r\n" + Self.poll, count: 20)
        #expect(try known(packets).count == 20)
        let text = packets.joined() + "\r\n\r\n\r\n\r\n\r\n"
        #expect(
            WireReplay.feed([Array(text.utf8)], to: HTTP1Parser(limits: MessageLimits())).violation != nil)
    }
}
