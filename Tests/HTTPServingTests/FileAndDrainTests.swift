import Dispatch
import Glibc
import HTTPServing
import HTTPWire
import Testing
import Transport

@Suite struct FileAnswerTests {
    @Test func `parts of a file are sent as asked, and the connection goes on`() async throws {
        let file = try TemporaryFile(Array((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }))
        let server = try await HTTPServer.start(ExampleHandler(file: file.path))
        for (offset, length) in [(0, 100_000), (0, 1), (99_999, 1), (500, 70_000), (100_000, 0)] {
            let bodies = try await server.with { client in
                client.send("GET /file?\(offset)-\(length) HTTP/1.1\r\nHost: h\r\n\r\n")
                let first = client.reply()
                client.send("GET /now HTTP/1.1\r\nHost: h\r\n\r\n")
                return [first?.body, client.reply()?.body]
            }
            #expect(bodies[0] == Array(file.bytes[offset..<offset + length]))
            #expect(bodies[1] == Array("now GET".utf8))
        }
    }

    @Test func `HEAD of a file has its length and no body`() async throws {
        let file = try TemporaryFile([1, 2, 3])
        let server = try await HTTPServer.start(ExampleHandler(file: file.path))
        let (reply, rest) = try await server.with { client in
            client.send("HEAD /file?1-2 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            return (client.reply(toHEAD: true), client.rest().bytes)
        }
        #expect(reply?["content-length"] == "2")
        #expect(rest.isEmpty)
    }

    @Test(arguments: ["/nowhere/at/all", "/tmp", "/dev/null", ""])
    func `what cannot be sent as promised is 500, and the connection goes on`(_ path: String) async throws {
        let file = try TemporaryFile([1, 2, 3])
        let server = try await HTTPServer.start(ExampleHandler(file: path.isEmpty ? file.path : path))
        let statuses = try await server.with { client in
            ["/file?0-4", "/now"].map { path in
                client.send("GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
                return client.reply()?.status
            }
        }
        #expect(statuses == [500, 200])
    }

    @Test func `a file that shrinks while it is sent breaks the connection`() async throws {
        let file = try TemporaryFile(sparse: 64 << 20)
        let server = try await HTTPServer.start(ExampleHandler(file: file.path))
        let wasReset = try await server.with { client in
            client.send("GET /file?0-\(64 << 20) HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = client.read(100)
            file.shrink(to: 1000)
            return client.rest().wasReset
        }
        #expect(wasReset)
    }

    @Test func `a large file to a slow reader costs no memory and arrives whole`() async throws {
        let size = 512 << 20
        let file = try TemporaryFile(sparse: size)
        let server = try await HTTPServer.start(ExampleHandler(file: file.path))
        let before = residentBytes()
        let (grown, count) = try await server.with { client in
            client.send("GET /file?0-\(size) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            _ = client.reply(toHEAD: true)
            let grown = residentBytes() - before
            return (grown, client.countToEnd())
        }
        // Other tests use memory at the same time, but not half of this.
        #expect(grown < size / 2)
        #expect(count == size)
    }

    @Test func `a reader who is always a little too slow does not hold its connection for ever`() async throws
    {
        let size = 64 << 20
        let file = try TemporaryFile(sparse: size)
        let server = try await HTTPServer.start(ExampleHandler(file: file.path)) {
            $0.bodyTimeout = .milliseconds(400)
            $0.sendingRateMin = size
        }
        // Progress within each 400 ms, and 6 MiB a second at most where 64 are asked for.
        let count = try await server.with { client in
            client.send("GET /file?0-\(size) HTTP/1.1\r\nHost: h\r\n\r\n")
            var count = 0
            while client.read(64 << 10) != nil {
                count += 64 << 10
                client.dawdle(milliseconds: 10)
            }
            return count
        }
        #expect(count < size)
    }

    @Test func `an answer from a file is cut where it was told`() async throws {
        let file = try TemporaryFile(sparse: 1 << 20)
        let server = try await HTTPServer.start(CuttingHandler(path: file.path))
        let rest = try await server.with { client in
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            return client.rest()
        }
        #expect(rest.bytes.count == 5000)
        #expect(rest.wasReset)
    }
}

private struct CuttingHandler: HTTPHandler {
    let path: String
    func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        .run {
            var response = HTTPResponse(status: 200, body: .file(path: path, offset: 0, length: 1 << 20))
            response.cutAfter = 5000
            return response
        }
    }
}

@Suite struct DrainTests {
    private let get = "GET /now HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test func `draining closes what is idle, ends what is under way, and accepts no more`() async throws {
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

    @Test func `a request that meets the end of an idle connection is answered, as the last`() async throws {
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
        let heard = try await onThread {
            held.use { client in
                client.send(get)
                return (reply: client.reply(), rest: client.rest())
            }
        }
        let (reply, rest) = try #require(heard)
        #expect(reply?.status == 200)
        #expect(reply?["connection"] == "close")
        #expect(rest.bytes.isEmpty && !rest.wasReset)
        await drained
    }

    @Test func `who waits in the kernel to be accepted when draining begins is answered`() async throws {
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

    @Test func `what does not end within the bound is closed, and its handler cancelled`() async throws {
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

    @Test func `a server that is let go stops listening`() async throws {
        var server: HTTPServer? = try await HTTPServer.start()
        let addresses = try #require(server?.addresses)
        server = nil
        // Letting go is posted to the loop, and this behind it.
        _ = try await loop.run { _ in 0 }
        #expect(try Listener.isFree(addresses[0]))
    }
}

@Suite struct UnixDomainTests {
    @Test func `curl speaks with a unix-domain socket, and sees files and ranges whole`() async throws {
        let file = try TemporaryFile(Array((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }))
        let path = "/tmp/reelgate-\(Entropy.randomNumber()).sock"
        let server = try await HTTPServer.start(
            at: [.unix(path: path)], on: [loop], limits: HTTPLimits(),
            handler: ExampleHandler(file: file.path))
        #expect(server.addresses == [.unix(path: path)])
        let text = try await curl("--unix-socket \(path) http://h/now")
        #expect(text == Array("now GET".utf8))
        let body = try await curl("--unix-socket \(path) http://h/file?0-3000000")
        #expect(body == file.bytes)
        let posted = try await curl(
            "--unix-socket \(path) --data-binary @\(file.path) http://h/five -w %{http_code} -o -")
        #expect(String(decoding: posted, as: UTF8.self).hasSuffix("413"))
        await server.drain(within: .seconds(1))
        #expect(try FileSystem.size(of: path) == nil)
    }

    private func curl(_ arguments: String) async throws -> [UInt8] {
        try await output(of: "curl -s -m 30 --noproxy '*' \(arguments)")
    }
}

/// A file for one test.
final class TemporaryFile: Sendable {
    let path = "/tmp/reelgate-test-\(Entropy.randomNumber())"
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) throws {
        self.bytes = bytes
        var file = try DurableFile(path)
        try file.append(bytes)
        try file.commit()
    }

    /// A file of zeros that takes no room.
    convenience init(sparse size: Int) throws {
        try self.init([])
        shrink(to: size)
    }

    func shrink(to size: Int) { _ = unsafe truncate(path, size) }

    deinit { _ = unsafe unlink(path) }
}

/// What of this process is in memory.
func residentBytes() -> Int {
    guard let file = unsafe fopen("/proc/self/statm", "r") else { return 0 }
    defer { _ = unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard unsafe fgets(&line, 128, file) != nil else { return 0 }
    let message = line.map { UInt8(bitPattern: $0) }.split(separator: UInt8(ascii: " "))
    return (Int(String(decoding: message[1], as: UTF8.self)) ?? 0) * 4096
}
