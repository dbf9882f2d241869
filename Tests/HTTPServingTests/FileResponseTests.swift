import HTTPServing
import HTTPWire
import TestSupport
import Testing

/// Responses from a file.
@Suite struct FileResponseTests {
    @Test func `parts of a file are sent as requested, and the connection is kept`() async throws {
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

    @Test(arguments: ["0-4", "3-1", "4-0"])
    func `a range that the file does not have is 500, and the connection is kept`(
        _ range: String
    ) async throws {
        let file = try TemporaryFile([1, 2, 3])
        let server = try await HTTPServer.start(ExampleHandler(file: file.path))
        let statuses = try await server.with { client in
            ["/file?\(range)", "/now"].map { path in
                client.send("GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
                return client.reply()?.status
            }
        }
        #expect(statuses == [500, 200])
    }

    @Test func `a file that is removed while it is sent arrives whole`() async throws {
        let size = 16 << 20
        for isHTTP2 in [false, true] {
            let file = try TemporaryFile(sparse: size)
            let server = try await HTTPServer.start(ExampleHandler(file: file.path))
            let count: Int? =
                if isHTTP2 {
                    try await server.withHTTP2 { client in
                        let stream = client.get("/file?0-\(size)")
                        _ = client.next { $0.type == 0 }
                        file.remove()
                        return client.reply(stream)?.body.count
                    }
                } else {
                    try await server.with { client in
                        client.send("GET /file?0-\(size) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                        _ = client.reply(toHEAD: true)
                        file.remove()
                        return client.countToEnd()
                    }
                }
            #expect(count == size)
        }
    }

    @Test func `a file is closed when its response has ended, and when its client has left`() async throws {
        let size = 16 << 20
        let file = try TemporaryFile(sparse: size)
        let closed = Reported()
        var handler = ExampleHandler(file: file.path)
        handler.onClose = closed.report
        let server = try await HTTPServer.start(handler)
        try await server.with { client in
            client.send("HEAD /file?0-9 HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = client.reply(toHEAD: true)
        }
        await closed.wait()
        try await server.with { client in
            client.send("GET /file?0-\(size) HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = client.read(100)
            client.reset()
        }
        await closed.wait()
        try await server.withHTTP2 { client in
            _ = client.reply(client.get("/file?0-9"))
            let stream = client.get("/file?0-\(size)")
            _ = client.next { $0.type == 0 && $0.stream == stream }
            client.send(.reset(stream, 8))
            _ = client.reply(client.get("/now"))
        }
        await closed.wait()
        await closed.wait()
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

    @Test func `a reader below the minimum rate cannot hold its connection for ever`() async throws {
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

    @Test func `a response from a file is cut after the given number of bytes`() async throws {
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
            guard let file = try? OpenedFile.body(path) else { return .text("no file", status: 404) }
            var response = HTTPResponse(status: 200, body: .file(file, offset: 0, length: 1 << 20))
            response.cutAfter = 5000
            return response
        }
    }
}
