import HTTPServing
import TestSupport
import Testing
import Transport

@Suite struct HTTP2ConnectionTests {
    @Test func `concurrent requests get their responses, immediate and delayed`() async throws {
        let server = try await HTTPServer.start()
        let texts = try await server.withHTTP2 { client in
            let streams = (0..<100).map { client.get($0 % 2 == 0 ? "/now" : "/hop") }
            return streams.map { client.reply($0)?.text }
        }
        #expect(texts == (0..<100).map { $0 % 2 == 0 ? "now GET" : "GET /hop 0" })
    }

    @Test func `the preface may come in pieces`() async throws {
        let server = try await HTTPServer.start()
        let opening =
            HTTP2Frame.preface + HTTP2Frame.settings().bytes
            + HTTP2Frame.headers(1, HPACK.request("GET", "/now")).bytes
        let bad = try await onThread {
            try (1..<opening.count).filter { split in
                let client = try TestClient(server)
                client.send(Array(opening[..<split]))
                client.send(Array(opening[split...]))
                // Both settings frames, then the response, which begins with its status.
                while let head = client.read(9) {
                    let payload = client.read(Int(HTTP2Frame.number(head.prefix(3)))) ?? []
                    if head[3] == 1 { return HPACK.status(payload) != 200 }
                }
                return true
            }
        }
        #expect(bad.isEmpty)
    }

    @Test(arguments: ["PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", "PRI * HTTP/1.1\r\nHost: h\r\n\r\n", "P\r\n\r\n"])
    func `what only begins like the preface is HTTP/1`(_ text: String) async throws {
        let server = try await HTTPServer.start()
        let reply = try await server.with { client in
            for byte in text.utf8 { client.send([byte]) }
            return client.reply()
        }
        #expect((400...505).contains(reply?.status ?? 0))
    }

    @Test func `HEAD, 204 and 304 have no content`() async throws {
        let server = try await HTTPServer.start()
        let replies = try await server.withHTTP2 { client in
            [client.get("/now", method: "HEAD"), client.get("/nothing"), client.get("/not-modified")]
                .map { client.reply($0) }
        }
        #expect(replies.map { $0?.status } == [200, 204, 304])
        #expect(replies.allSatisfy { $0?.body.isEmpty == true })
    }

    @Test func `a body is collected, and 100 asks for it`() async throws {
        let server = try await HTTPServer.start()
        let (interim, reply) = try await server.withHTTP2 { client in
            let stream = client.post("/p", [("expect", "100-continue")])
            let interim = client.next { $0.type == 1 }.flatMap { HPACK.status($0.payload) }
            client.send(.data(stream, [1, 2, 3]), .headers(stream, HPACK.literal([("x-sum", "6")])))
            return (interim, client.reply(stream))
        }
        #expect(interim == 100)
        #expect(reply?.text == "POST /p 3")
    }

    @Test func `a large body comes as far as the windows let it`() async throws {
        let server = try await HTTPServer.start()
        let text = try await server.withHTTP2 { client in
            let stream = client.post("/p")
            var left = 1_000_000
            var windows: [UInt32: Int] = [0: 65_535, stream: 64 * 1024]
            while left > 0 {
                let count = min(left, windows[0]!, windows[stream]!, 16_384)
                if count > 0 {
                    client.send(.data(stream, [UInt8](repeating: 1, count: count), ends: count == left))
                    left -= count
                    windows[0]! -= count
                    windows[stream]! -= count
                } else if let frame = client.next(where: { $0.type == 8 }) {
                    windows[frame.stream]! += Int(HTTP2Frame.number(frame.payload))
                } else {
                    return "no more windows: \(windows), \(left) left"
                }
            }
            return client.reply(stream)?.text ?? "no response"
        }
        #expect(text == "POST /p 1000000")
    }

    @Test func `refusals end one request only`() async throws {
        let server = try await HTTPServer.start()
        let replies = try await server.withHTTP2 { client in
            let tooLong = client.post("/five", [("content-length", "6")])
            let tooMuch = client.post("/five")
            client.send(.data(tooMuch, [1, 2, 3, 4, 5, 6]))
            let refused = client.post("/refused")
            let bad = client.get("/a#b")
            let good = client.get("/now")
            return [tooLong, tooMuch, refused, bad, good].map { client.reply($0)?.status }
        }
        #expect(replies == [413, 413, 415, 400, 200])
    }

    @Test func `a large response reaches a slow client`() async throws {
        let server = try await HTTPServer.start()
        let reply = try await server.withHTTP2 { client in client.reply(client.get("/large")) }
        #expect(reply?.status == 200)
        #expect(reply?.body.count == 8 << 20)
    }

    @Test func `parts of a file are sent as asked, and cost no memory`() async throws {
        let size = 512 << 20
        let file = try TemporaryFile(sparse: size)
        let server = try await HTTPServer.start(ExampleHandler(file: file.path))
        let before = residentBytes()
        let (grown, count) = try await server.withHTTP2([(4, 1 << 30)]) { client in
            client.send(.windowUpdate(0, 1 << 30))
            let stream = client.get("/file?0-\(size)")
            _ = client.next { $0.type == 0 }
            let grown = residentBytes() - before
            // As large as a frame may be.
            var count = 16_384
            while let frame = client.next() {
                if frame.type == 0 { count += frame.payload.count }
                if frame.ends, frame.stream == stream { break }
            }
            return (grown, count)
        }
        // Other tests use memory at the same time, but not half of this.
        #expect(grown < size / 2)
        #expect(count == size)
    }

    @Test func `a file that cannot be sent is 500, one that shrinks a reset`() async throws {
        let file = try TemporaryFile(sparse: 1 << 20)
        let server = try await HTTPServer.start(ExampleHandler(file: file.path))
        let (first, second, third) = try await server.withHTTP2 { client in
            let first = client.reply(client.get("/file?0-2000000"))
            let stream = client.get("/file?0-\(1 << 20)")
            _ = client.next { $0.type == 0 }
            file.shrink(to: 10)
            return (first, client.reply(stream), client.reply(client.get("/now")))
        }
        #expect(first?.status == 500)
        #expect(second?.code == 2)
        #expect(third?.text == "now GET")
    }

    @Test(arguments: [0, 5])
    func `a response is cut after the given number of bytes, with a reset`(_ limit: Int) async throws {
        let server = try await HTTPServer.start()
        let (cut, after) = try await server.withHTTP2 { client in
            (client.reply(client.get("/cut?\(limit)")), client.reply(client.get("/now")))
        }
        #expect(cut?.code == 2)
        #expect(cut?.body.count == limit)
        #expect(after?.status == 200)
    }

    @Test func `a client that loses interest has its request cancelled, and its other ones answered`()
        async throws
    {
        let (server, events) = try await HTTPServer.startWithClosedGate()
        var seen = events.makeAsyncIterator()
        let client = try await onThread {
            let client = try HTTP2Client(server)
            client.get("/gate")
            return Held(client)
        }
        #expect(await seen.next() == "asked")
        let text = try await onThread {
            client.use { client in
                client.send(.reset(1))
                return client.reply(client.get("/now"))?.text
            }
        }
        #expect(await seen.next() == "cancelled")
        #expect(text == "now GET")
    }

    @Test func `requests that wait are cancelled when their client closes its side`() async throws {
        let (server, events) = try await HTTPServer.startWithClosedGate()
        var seen = events.makeAsyncIterator()
        let client = try await onThread {
            let client = try HTTP2Client(server)
            client.get("/gate?wait")
            return Held(client)
        }
        #expect(await seen.next() == "asked")
        try await onThread { client.use { $0.wire.endSending() } }
        #expect(await seen.next() == "cancelled")
        await server.drain(within: .zero)
    }

    @Test func `a client that half-closes gets its responses`() async throws {
        let server = try await HTTPServer.start()
        let (texts, rest) = try await server.withHTTP2 { client in
            let streams = [client.get("/hop"), client.get("/now")]
            client.wire.endSending()
            return (streams.map { client.reply($0)?.text }, client.next())
        }
        #expect(texts == ["GET /hop 0", "now GET"])
        #expect(rest == nil)
    }
}
