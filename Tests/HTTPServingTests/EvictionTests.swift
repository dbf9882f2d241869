import HTTPServing
import TestSupport
import Testing
import Transport

/// The connections that are evicted at the limit.
@Suite struct EvictionTests {
    private static let get = "GET /now HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test func `a connection over the limit gets 503 while every other one has a request`() async throws {
        let (events, sink) = AsyncStream<String>.makeStream()
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let server = try await HTTPServer.start(ExampleHandler(events: sink, gate: gate)) {
            $0.connections = 1
        }
        async let held = server.with { client in
            client.send("GET /gate HTTP/1.1\r\nHost: h\r\n\r\n")
            let status = client.reply()?.status
            return (status, client.rest().wasReset)
        }
        var seen = events.makeAsyncIterator()
        #expect(await seen.next() == "asked")
        let (refused, wasReset) = try await server.with { client in
            client.send(Self.get)
            return (client.reply(), client.rest().wasReset)
        }
        #expect(refused?.status == 503)
        #expect(!wasReset)
        opener.yield()
        #expect(await seen.next() == "passed")
        // After its response a connection is idle and can be evicted; until then others get 503.
        var status: Int? = 503
        while status == 503 { status = try await Self.ask(server) }
        #expect(status == 200)
        #expect(try await held == (200, false))
    }

    @Test func `the longest-idle connection is evicted, and no other`() async throws {
        let server = try await HTTPServer.start { $0.connections = 3 }
        let (statuses, ended, kept) = try await onThread {
            let held = try (0..<3).map { _ in try TestClient(server) }
            var statuses = held.map { Self.ask($0) }
            // The first has just been active again.
            statuses.append(Self.ask(held[0]))
            let fourth = try TestClient(server)
            statuses.append(Self.ask(fourth))
            let ended = held[1].rest()
            return (statuses, ended, [held[0], held[2], fourth].map { Self.ask($0) })
        }
        #expect(statuses == [200, 200, 200, 200, 200])
        #expect(ended.bytes.isEmpty && !ended.wasReset)
        #expect(kept == [200, 200, 200])
    }

    @Test func `a connection without a request is evicted before a kept one, whatever their age`()
        async throws
    {
        let server = try await HTTPServer.start { $0.connections = 2 }
        let statuses = try await onThread {
            let kept = try TestClient(server)
            let first = Self.ask(kept)
            let silent = try TestClient(server)
            let third = try TestClient(server)
            return [first, Self.ask(third), silent.reply()?.status, Self.ask(kept)]
        }
        #expect(statuses == [200, 200, nil, 200])
    }

    @Test(arguments: [
        "GET /now HTTP/1.1\r\nHost: h\r\n", "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nab",
    ])
    func `a connection with part of a request is evicted with 503 if none is idle`(
        _ part: String
    ) async throws {
        let server = try await HTTPServer.start { $0.connections = 1 }
        let (slow, other) = try await onThread {
            let slow = try TestClient(server)
            slow.send(part)
            // Until the server has read this, the connection is idle to it.
            slow.dawdle(milliseconds: 50)
            let other = try TestClient(server)
            return (slow.reply(), Self.ask(other))
        }
        #expect(slow?.status == 503 || slow == nil)
        #expect(other == 200)
    }

    @Test func `an idle connection is evicted before part of a head, and that before part of a body`()
        async throws
    {
        let server = try await HTTPServer.start { $0.connections = 3 }
        let (first, second, rest) = try await onThread {
            let body = try TestClient(server)
            body.send("POST /p HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
            let isContinued = body.reply()?.status == 100
            let head = try TestClient(server)
            head.send(Self.get + "GET /now HTTP/1.1\r\n")
            let isHead = head.reply()?.status == 200
            let idle = try TestClient(server)
            let isIdle = Self.ask(idle) == 200
            // A connection with a request takes each free place.
            let others = try (0..<2).map { _ in
                let other = try TestClient(server)
                other.send("POST /p HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n")
                return (other, other.reply()?.status)
            }
            body.send("abc")
            let isServed = body.reply()?.status == 200
            return (
                [isContinued, isHead, isIdle, isServed], others.map(\.1),
                [idle.reply()?.status, head.reply()?.status]
            )
        }
        #expect(first == [true, true, true, true])
        #expect(second == [100, 100])
        #expect(rest == [nil, 503])
    }

    @Test func `a connection with an early response that may still be sending is evicted first`() async throws
    {
        let server = try await HTTPServer.start { $0.connections = 2 }
        let (early, kept, other, again) = try await onThread {
            let kept = try TestClient(server)
            let isKept = Self.ask(kept)
            let early = try TestClient(server)
            early.send("POST /five HTTP/1.1\r\nHost: h\r\nContent-Length: 900000\r\n\r\n")
            let refused = early.reply()?.status
            let other = Self.ask(try TestClient(server))
            return (refused, isKept, other, Self.ask(kept))
        }
        #expect(early == 413)
        #expect([kept, other, again] == [200, 200, 200])
    }

    @Test(arguments: [false, true])
    func `an HTTP/2 connection is evicted with GOAWAY, idle or within a body`(_ hasBody: Bool) async throws {
        let server = try await HTTPServer.start { $0.connections = 1 }
        let (code, other) = try await server.withHTTP2 { client in
            if hasBody {
                _ = client.post("/p", [("expect", "100-continue")])
                _ = client.next { $0.type == 1 }
            }
            let other = Self.ask(try TestClient(server))
            return (client.endCode(), other)
        }
        #expect(other == 200)
        #expect(code == 0)
    }

    private static func ask(_ server: HTTPServer) async throws -> Int? {
        try await server.with { client in Self.ask(client) }
    }

    private static func ask(_ client: TestClient) -> Int? {
        client.send(Self.get)
        return client.reply()?.status
    }
}
