import Testing
@testable import HTTPWire

/// Reuse of parsed heads on a connection, which must not change any result.
@Suite struct RepeatedHeadTests {
    private static let poll = "GET /v1/tasks/a HTTP/1.1\r\nHost: h\r\nX-A: 1\r\n\r\n"
    private static let post = "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab"

    /// Whether each head was recognised, with one head per packet.
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

    @Test func `a repeated head has the same meaning, however it is split`() {
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

    @Test func `a head is recognised from its third occurrence on`() throws {
        let poll = Self.poll
        #expect(try known([poll, poll, poll, poll]) == [false, false, true, true])
        #expect(try known([poll + poll + poll + poll]) == [false, false, true, true])
        #expect(try known([poll, Self.post, poll, poll]) == [false, false, false, true])
        #expect(
            try known([poll, poll, poll.replacing("/a ", with: "/b "), poll]) == [false, false, false, false])
    }

    private final class Kept: Sendable {}

    @Test func `what is derived from a head is kept for its repetitions and for no other head`() throws {
        var parser = HTTP1Parser(limits: MessageLimits())
        func head(_ packet: String) throws -> RequestHead {
            let bytes = Array(packet.utf8)
            var (offset, head) = (0, RequestHead?.none)
            while let event = try parser.next(bytes.span, from: &offset) {
                if case .head(let parsed) = event { head = parsed }
            }
            return try #require(head)
        }
        let kept = Kept()
        for _ in 0..<2 {
            let first = try head(Self.poll)
            first.memory.keep(kept)
            #expect(first.memory.derived == nil)
        }
        let known = try head(Self.poll)
        #expect(known.memory.derived == nil)
        known.memory.keep(kept)
        #expect(try head(Self.poll).memory.derived === kept)
        #expect(try head(Self.poll.replacing("/a ", with: "/b ")).memory.derived == nil)
        #expect(try head(Self.poll).memory.derived == nil)
    }

    @Test func `heads with a body, at the end of a connection, or too long are always parsed`() throws {
        let last = Self.poll.replacing("X-A: 1", with: "Connection: close")
        let long = Self.poll.replacing("X-A: 1", with: "X-A: " + String(repeating: "a", count: 500))
        for text in [Self.post, last, long] {
            #expect(try known([text, text, text, text]) == [false, false, false, false])
        }
    }

    @Test func `empty lines before recognised heads are counted per request`() throws {
        let packets = [String](repeating: "\r\n\r\n" + Self.poll, count: 20)
        #expect(try known(packets).count == 20)
        let text = packets.joined() + "\r\n\r\n\r\n\r\n\r\n"
        #expect(
            WireReplay.feed([Array(text.utf8)], to: HTTP1Parser(limits: MessageLimits())).violation != nil)
    }
}
