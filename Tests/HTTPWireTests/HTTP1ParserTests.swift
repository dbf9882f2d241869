import Testing
@testable import HTTPWire

@Suite struct HTTP1ParserTests {
    @Test func `an error is repeated at every call`() {
        var parser = HTTP1Parser(limits: MessageLimits())
        var offset = 0
        let bad = Array("GET / HTTP/1.1\n".utf8)
        let good = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        #expect(throws: MessageError.self) { try parser.next(bad.span, from: &offset) }
        offset = 0
        #expect(throws: MessageError.self) { try parser.next(good.span, from: &offset) }
        #expect(!parser.isBetweenRequests)
    }

    @Test func `a parser reports whether it is between requests`() throws {
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

    @Test func `trailers and chunk lines have their own limits`() {
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

    @Test func `each error has a code of the contract and quotes nothing of the request`() throws {
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
