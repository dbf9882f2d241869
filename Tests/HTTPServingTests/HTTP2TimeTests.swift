import HTTPServing
import TestSupport
import Testing
import Transport

/// Time limits of HTTP/2 clients, and draining.
@Suite struct HTTP2TimeTests {
    private static let calm: UInt32 = 11

    @Test func `an idle connection is closed with GOAWAY`() async throws {
        let server = try await HTTPServer.start { $0.idleTimeout = .milliseconds(500) }
        let (before, code) = try await server.withHTTP2 { client in
            (client.reply(client.get("/now"))?.status, client.endCode())
        }
        #expect(before == 200)
        #expect(code == 0)
    }

    @Test func `a client that does not confirm our settings is closed`() async throws {
        let server = try await HTTPServer.start { $0.headerTimeout = .milliseconds(30) }
        let code = try await onThread {
            let client = try TestClient(server)
            client.send(HTTP2Frame.preface + HTTP2Frame.settings().bytes)
            let frames = HTTP2Frame.parse(client.rest().bytes)
            return frames.last { $0.type == 7 }?.code
        }
        // SETTINGS_TIMEOUT.
        #expect(code == 4)
    }

    @Test func `a header block that never ends ends the connection`() async throws {
        let server = try await HTTPServer.start { $0.headerTimeout = .milliseconds(50) }
        let code = try await server.withHTTP2 { client in
            client.send(HTTP2Frame(1, flags: 1, stream: 1, HPACK.request()))
            return client.endCode()
        }
        #expect(code == Self.calm)
    }

    @Test func `a frame that never ends ends the connection`() async throws {
        let server = try await HTTPServer.start { $0.bodyTimeout = .milliseconds(50) }
        let code = try await server.withHTTP2 { client in
            client.wire.send(Array(HTTP2Frame.ping().bytes.prefix(10)))
            return client.endCode()
        }
        #expect(code == Self.calm)
    }

    @Test func `a body that arrives too slowly gets 408, and other requests are served`() async throws {
        let server = try await HTTPServer.start { $0.bodyTimeout = .milliseconds(50) }
        let (slow, other) = try await server.withHTTP2 { client in
            let stream = client.post("/p")
            client.send(.data(stream, [1]))
            let slow = client.reply(stream)
            return (slow, client.reply(client.get("/now")))
        }
        #expect(slow?.status == 408)
        #expect(other?.status == 200)
    }

    @Test func `a client that opens no window is closed, whatever else it does`() async throws {
        let server = try await HTTPServer.start { $0.bodyTimeout = .milliseconds(50) }
        let code = try await server.withHTTP2([(4, 0)]) { client in
            client.get("/now")
            return client.endCode()
        }
        #expect(code == Self.calm)
    }

    @Test func `a client that takes nothing from its socket is closed`() async throws {
        let server = try await HTTPServer.start { $0.bodyTimeout = .milliseconds(50) }
        let bytes = try await server.withHTTP2([(4, 1 << 30)]) { client in
            client.send(.windowUpdate(0, 1 << 30))
            client.get("/large")
            client.wire.waitUntilReset()
            return client.wire.rest().bytes.count
        }
        #expect(bytes < 8 << 20)
    }

    @Test func `time limits for clients do not apply to the handler`() async throws {
        let (events, sink) = AsyncStream<String>.makeStream()
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let server = try await HTTPServer.start(ExampleHandler(events: sink, gate: gate)) {
            $0.bodyTimeout = .milliseconds(50)
            $0.idleTimeout = .milliseconds(500)
        }
        async let status = server.withHTTP2 { client in client.reply(client.get("/gate"))?.status }
        var seen = events.makeAsyncIterator()
        #expect(await seen.next() == "asked")
        await loop.sleep(for: .milliseconds(600))
        opener.yield()
        #expect(try await status == 200)
    }

    @Test func `draining announces itself, completes requests that cross it, and ends`() async throws {
        let (events, sink) = AsyncStream<String>.makeStream()
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let server = try await HTTPServer.start(ExampleHandler(events: sink, gate: gate))
        async let seenByClient = server.withHTTP2 { client in
            client.get("/gate")
            // The first step names no stream; a request after it is still answered.
            let notice = client.next { $0.type == 7 }
            let text = client.reply(client.get("/now"))?.text
            let held = client.reply(1)?.status
            let last = client.endCode()
            return (notice?.payload.prefix(4) == [127, 255, 255, 255], text, held, last)
        }
        var seen = events.makeAsyncIterator()
        #expect(await seen.next() == "asked")
        async let drained: Void = server.drain(within: .seconds(60))
        // The listener closes first; then the gate may open.
        while (try? TestClient(server)) != nil { await Task.yield() }
        opener.yield()
        let (noticed, text, held, last) = try await seenByClient
        #expect(noticed)
        #expect(text == "now GET" || text == nil)
        #expect(held == 200)
        #expect(last == 0)
        await drained
    }

    @Test func `draining does not wait for a client that says nothing`() async throws {
        let server = try await HTTPServer.start()
        let idle = try await onThread { Held(try TestClient(server)) }
        _ = try await onThread { idle.use { $0.send(HTTP2Frame.preface + HTTP2Frame.settings().bytes) } }
        _ = try await onThread { idle.use { $0.read(9) } }
        await server.drain(within: .seconds(60))
        #expect(try await onThread { idle.use { !$0.rest().wasReset } } == true)
    }
}
