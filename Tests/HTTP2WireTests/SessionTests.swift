import HTTP2Wire
import HTTPWire
import TestSupport
import Testing

/// What a session makes of requests that are as they should be.
@Suite struct SessionTests {
    private let post = HPACK.request("POST", "/v1?a=b", authority: "h:80", [("content-type", "text/plain")])

    @Test func `a request becomes a head, its body, its trailers`() throws {
        let server = WireServer()
        server.open()
        server.receive([
            .headers(1, post, ends: false), .data(1, [1, 2]), .data(1, [3]),
            .headers(1, HPACK.literal([("x-sum", "6")])),
        ])
        guard case .head(1, let head, isComplete: false) = server.events.first else {
            Issue.record("no head: \(server.events)")
            return
        }
        #expect(head.method == "POST" && head.path == "/v1" && head.query == "a=b")
        #expect(head.authority == "h:80")
        #expect(head.fields["Content-Type"] == "text/plain")
        #expect(head.contentLength == nil)
        #expect(server.bodies[1] == [1, 2, 3])
        guard case .end(1, let trailers) = server.events.last else {
            Issue.record("no end: \(server.events)")
            return
        }
        #expect(trailers["x-sum"] == "6")
        #expect(server.status(1) == 200)
    }

    @Test func `requests mean the same wherever their bytes are split`() {
        let frames: [HTTP2Frame] = [
            .headers(1, post, ends: false), .priority(1, on: 0), .data(1, [1, 2, 3]),
            HTTP2Frame(0, flags: 9, stream: 1, [4, 9, 9, 0, 0, 0, 0]), .headers(3, HPACK.request("HEAD")),
            HTTP2Frame(1, flags: 1, stream: 5, Array(post.prefix(20))),
            .continuation(5, Array(post.dropFirst(20))),
            .ping(),
        ]
        let bytes =
            HTTP2Frame.preface + HTTP2Frame.settings().bytes + HTTP2Frame.settingsAck.bytes
            + frames.flatMap(\.bytes)
        let whole = WireServer()
        whole.receive(bytes)
        #expect(whole.bodies[1] == [1, 2, 3, 9, 9])
        let different = (1..<bytes.count).filter { split in
            let server = WireServer()
            server.receive(Array(bytes[..<split]))
            server.receive(Array(bytes[split...]))
            return server.bodies != whole.bodies
                || [1, 3, 5].contains { server.status($0) != 200 } || server.events.count < whole.events.count
        }
        #expect(different.isEmpty)
    }

    @Test func `a response has its fields in lower case and its content`() throws {
        let server = WireServer()
        server.isSilent = true
        server.open()
        server.receive([.headers(1, HPACK.request())])
        var fields = HTTPFields()
        fields.append("ETag", "\"x\"")
        server.session.respond(1, server.head(404, fields), .bytes(server.responseBody))
        server.send()
        #expect(server.status(1) == 404)
        let data = server.frames.filter { $0.type == 0 }
        #expect(data.map(\.payload) == [server.responseBody])
        #expect(data.last?.ends == true)
    }

    @Test func `content goes as far as the client's windows let it`() {
        let server = WireServer()
        server.responseBody = [UInt8](repeating: 5, count: 100_000)
        server.open()
        server.receive([.settings([(4, 10)]), .headers(1, HPACK.request())])
        func sent() -> Int { server.frames.filter { $0.type == 0 }.map(\.payload.count).reduce(0, +) }
        #expect(sent() == 10)
        server.receive([.windowUpdate(1, 90)])
        #expect(sent() == 100)
        // All that is not used may be taken back, and more (RFC 9113 §6.9.2).
        server.receive([.settings([(4, 0)]), .windowUpdate(1, 5)])
        #expect(sent() == 100)
        server.receive([.windowUpdate(1, 200_000)])
        // The connection's window holds the rest.
        #expect(sent() == 65_535)
        server.receive([.windowUpdate(0, 200_000)])
        #expect(sent() == 100_000)
        #expect(server.session.streamCount == 0)
        #expect(server.session.bufferedContentBytes == 0)
    }

    @Test func `frames are made no further than asked for`() {
        let server = WireServer()
        server.responseBody = [UInt8](repeating: 5, count: 1 << 20)
        server.open()
        server.isSilent = true
        server.receive([
            .settings([(4, 1 << 24)]), .windowUpdate(0, 1 << 24), .headers(1, HPACK.request()),
        ])
        server.out = []
        server.session.respond(1, server.head(200), .bytes(server.responseBody))
        var out: [UInt8] = []
        server.session.send(into: &out, upTo: 64 * 1024, at: server.now)
        #expect(out.count < 64 * 1024 + 17 * 1024)
        #expect(server.session.bufferedContentBytes > (1 << 20) - 96 * 1024)
        while server.session.streamCount > 0 {
            var piece: [UInt8] = []
            server.session.send(into: &piece, upTo: 64 * 1024, at: server.now)
            guard !piece.isEmpty else { break }
            out += piece
        }
        let data = HTTP2Frame.parse(out).filter { $0.type == 0 }
        #expect(data.map(\.payload.count).reduce(0, +) == 1 << 20)
    }

    @Test func `what a client may send follows what was taken`() {
        let server = WireServer { $0.streamWindow = 1000 }
        server.open()
        server.receive([.headers(1, post, ends: false), .data(1, [UInt8](repeating: 1, count: 900))])
        let credit = server.frames.filter { $0.type == 8 && $0.stream == 1 }
        #expect(credit.map { HTTP2Frame.number($0.payload) } == [900])
    }

    @Test func `a body beyond the window ends the connection`() {
        let server = WireServer { $0.streamWindow = 1000 }
        server.isSilent = true
        server.open()
        server.receive([.headers(1, post, ends: false)])
        server.receive([.data(1, [UInt8](repeating: 1, count: 1001))])
        #expect(server.frames.contains { $0.code == 3 })
    }

    @Test func `a response before the end of the request stops the request after a while`() {
        let server = WireServer { $0.drainTimeout = 1000 }
        server.isSilent = true
        server.open()
        server.receive([.headers(1, post, ends: false), .headers(3, post, ends: false)])
        for stream: Int32 in [1, 3] {
            server.session.respond(stream, server.head(413), .bytes(server.responseBody))
        }
        server.send()
        #expect(server.frames.filter { $0.stream == 1 }.map(\.type) == [1, 0])
        #expect(server.session.earliestDrainDeadline == server.now + 1000)
        // One takes the hint.
        server.receive([.data(1, [1], ends: true)])
        server.now += 1000
        let late = server.session.overdue(at: server.now)
        server.send()
        #expect(late.streams.isEmpty)
        #expect(server.frames.filter { $0.type == 3 }.map(\.stream) == [3])
        #expect(server.frames.last?.code == 0)
        // What was under way is no fault.
        server.receive([.data(3, [1], ends: true), .ping()])
        #expect(server.frames.last?.type == 6)
    }

    @Test func `100 comes before the response`() {
        let server = WireServer()
        server.open()
        server.isSilent = true
        server.receive([.headers(1, HPACK.request("POST", [("expect", "100-continue")]), ends: false)])
        server.session.sendContinue(1)
        server.send()
        server.isSilent = false
        server.receive([.data(1, [1], ends: true)])
        let statuses = server.frames.filter { $0.type == 1 }.map { HPACK.status($0.payload) }
        #expect(statuses == [100, 200])
    }

    @Test func `content that fails resets its stream, and no other`() {
        final class Failing: OutgoingContent {
            var remaining = 40_000
            func read(_ count: Int, into out: inout [UInt8]) -> Bool {
                guard remaining > 20_000 else { return false }
                remaining -= count
                out.append(contentsOf: repeatElement(1, count: count))
                return true
            }
        }
        let server = WireServer()
        server.isSilent = true
        server.open()
        server.receive([.headers(1, HPACK.request()), .headers(3, HPACK.request())])
        server.session.respond(1, server.head(200), .read(Failing()))
        server.session.respond(3, server.head(200), .bytes(server.responseBody))
        server.send()
        #expect(server.frames.contains { $0.type == 3 && $0.stream == 1 && $0.code == 2 })
        #expect(server.frames.contains { $0.type == 0 && $0.stream == 3 && $0.ends })
    }

    @Test func `going away takes two steps, and loses nothing that crosses them`() {
        let server = WireServer()
        server.open()
        server.isSilent = true
        server.receive([.headers(1, HPACK.request())])
        server.session.announceShutdown()
        server.send()
        let first = server.frames.last { $0.type == 7 }
        #expect(first.map { HTTP2Frame.number($0.payload.prefix(4)) } == 0x7fff_ffff)
        server.receive([.headers(3, HPACK.request()), .ping(0, ack: true)])
        #expect(server.events.contains(.goAwayAcknowledged))
        server.session.sendGoAway()
        server.send()
        #expect(server.frames.last.map { HTTP2Frame.number($0.payload.prefix(4)) } == 3)
        #expect(!server.session.isFinished)
        for stream: Int32 in [1, 3] { server.session.respond(stream, server.head(200), .none) }
        server.send()
        #expect([1, 3].allSatisfy { server.status($0) == 200 })
        #expect(server.session.isFinished)
    }

    @Test func `a client that takes too long is known`() {
        let server = WireServer { $0.bodyTimeout = 1_000 }
        server.open()
        let start = server.now
        server.receive([.settings([(4, 0)]), .headers(1, post, ends: false), .headers(3, HPACK.request())])
        #expect(server.session.overdue(at: start + 999).streams.isEmpty)
        #expect(server.session.overdue(at: start + 999).next == start + 1000)
        let late = server.session.overdue(at: start + 1000).streams.sorted { $0.id < $1.id }
        #expect(late.map(\.id) == [1, 3])
        #expect(late.map(\.hasResponse) == [false, true])
    }
}

extension HPACK {
    fileprivate static func request(_ method: String, _ others: Fields) -> [UInt8] {
        request(method, "/", others)
    }
}
