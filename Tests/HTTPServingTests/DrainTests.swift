import Dispatch
import HTTPServing
import Testing
import Transport

/// The end of a server.
@Suite struct DrainTests {
    private let get = "GET /now HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test func `draining closes idle connections, completes requests, and accepts no more`() async throws {
        let (events, sink) = AsyncStream<String>.makeStream()
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let server = try await HTTPServer.start(ExampleHandler(events: sink, gate: gate))
        let get = get
        let idle = try await onThread {
            let client = try TestClient(server)
            client.send(get)
            _ = client.reply()
            return Held(client)
        }
        async let busy = server.with { client in
            client.send("GET /gate HTTP/1.1\r\nHost: h\r\n\r\n\(get)")
            return (client.reply(), client.rest())
        }
        var seen = events.makeAsyncIterator()
        #expect(await seen.next() == "asked")
        async let drained: Void = server.drain(within: .seconds(60))
        // The idle one is closed first, which shows that draining has begun.
        #expect(try await onThread { idle.use { $0.rest().bytes.isEmpty } } == true)
        #expect(throws: SystemError.self) { try TestClient(server) }
        opener.yield()
        let (reply, rest) = try await busy
        #expect(reply?.status == 200)
        #expect(reply?["connection"] == "close")
        #expect(rest.bytes.isEmpty && !rest.wasReset)
        await drained
    }

    @Test func `a request that arrives while an idle connection closes gets a response`() async throws {
        // Long enough for a busy machine; it is over as soon as the request is answered.
        let server = try await HTTPServer.start { $0.drainGrace = .seconds(30) }
        let get = get
        let held = try await onThread {
            let client = try TestClient(server)
            client.send(get)
            _ = client.reply()
            return Held(client)
        }
        async let drained: Void = server.drain(within: .seconds(60))
        while try Listener.isFree(server.addresses[0]) == false { await Task.yield() }
        let received = try await onThread {
            held.use { client in
                client.send(get)
                return (reply: client.reply(), rest: client.rest())
            }
        }
        let (reply, rest) = try #require(received)
        #expect(reply?.status == 200)
        #expect(reply?["connection"] == "close")
        #expect(rest.bytes.isEmpty && !rest.wasReset)
        await drained
    }

    @Test func `a connection that the kernel has accepted when draining begins is served`() async throws {
        let server = try await HTTPServer.start()
        let get = get
        // The loop is held while clients connect and send: nobody has accepted them when it drains.
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let release = DispatchSemaphore(value: 0)
        loop.post { _ in
            opener.finish()
            release.wait()
        }
        for await _ in gate {}
        async let replies = onThread {
            let clients = try (0..<20).map { _ in try TestClient(server) }
            for client in clients { client.send(get) }
            release.signal()
            return clients.map { $0.reply()?.status }
        }
        await server.drain(within: .seconds(60))
        #expect(try await replies == Array(repeating: 200, count: 20))
    }

    @Test func `a request that exceeds the bound is cancelled and its connection closed`() async throws {
        let (events, sink) = AsyncStream<String>.makeStream()
        let (gate, _) = AsyncStream<Void>.makeStream()
        let server = try await HTTPServer.start(ExampleHandler(events: sink, gate: gate))
        async let rest = server.with { client in
            client.send("GET /gate HTTP/1.1\r\nHost: h\r\n\r\n")
            return client.rest().bytes
        }
        var seen = events.makeAsyncIterator()
        #expect(await seen.next() == "asked")
        await server.drain(within: .milliseconds(20))
        #expect(await seen.next() == "cancelled")
        #expect(try await rest.isEmpty)
    }

    @Test func `a released server stops listening`() async throws {
        var server: HTTPServer? = try await HTTPServer.start()
        let addresses = try #require(server?.addresses)
        server = nil
        // The release is posted to the loop, and this after it.
        _ = try await loop.run { _ in 0 }
        #expect(try Listener.isFree(addresses[0]))
    }
}
