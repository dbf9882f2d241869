import HTTPServing
import HTTPWire
import TestSupport
import Testing
import Transport

/// Response bodies of unknown length over HTTP/2.
@Suite struct HTTP2StreamingTests {
    @Test func `streamed bodies come as they are sent, beside one another`() async throws {
        let (first, second) = (BodyChannel(), BodyChannel())
        let server = try await HTTPServer.start(StreamHandler { $0.path == "/1" ? first : second })
        let replies = try await server.withHTTP2 { client in
            let streams = [client.get("/1"), client.get("/2")]
            for stream in streams { _ = client.next { $0.type == 1 && $0.stream == stream } }
            second.send(Array("two".utf8))
            let early = client.next { $0.type == 0 }
            first.send(Array("one".utf8))
            first.finish()
            second.finish()
            return (early?.payload, streams.map { client.reply($0) })
        }
        #expect(replies.0 == Array("two".utf8))
        #expect(replies.1.map { $0?.text } == ["one", "two"])
        #expect(replies.1.allSatisfy { $0?.status == 200 && $0?.code == nil })
    }

    @Test func `HEAD gets no body, and the source is cancelled`() async throws {
        let cancelled = Reported()
        let body = BodyChannel(onCancel: cancelled.report)
        let server = try await HTTPServer.start(StreamHandler(body))
        let reply = try await server.withHTTP2 { client in client.reply(client.get("/s", method: "HEAD")) }
        #expect(reply?.status == 200 && reply?.body == [])
        await cancelled.wait()
    }

    @Test func `a reset cancels the body, and the connection goes on`() async throws {
        let cancelled = Reported()
        let body = BodyChannel(onCancel: cancelled.report)
        let server = try await HTTPServer.start(StreamHandler(body))
        let text = try await server.withHTTP2 { client in
            let stream = client.get("/stream")
            _ = client.next { $0.type == 1 }
            client.send(.reset(stream, 8))
            return client.reply(client.get("/now"))?.text
        }
        #expect(text == "now")
        await cancelled.wait()
        #expect(!body.send([1]))
    }

    @Test(arguments: [false, true])
    func `the end of a connection cancels its bodies`(_ resets: Bool) async throws {
        let cancelled = [Reported(), Reported()]
        let server = try await HTTPServer.start(
            StreamHandler { BodyChannel(onCancel: cancelled[$0.path == "/0" ? 0 : 1].report) })
        try await server.withHTTP2 { client in
            for path in ["/0", "/1"] {
                let stream = client.get(path)
                _ = client.next { $0.type == 1 && $0.stream == stream }
            }
            if resets { client.wire.reset() } else { client.wire.endSending() }
        }
        for one in cancelled { await one.wait() }
    }

    @Test func `a body is read no further than the client's window`() async throws {
        let cancelled = Reported()
        let body = EndlessBody(onCancel: cancelled.report)
        let server = try await HTTPServer.start(StreamHandler(body))
        try await server.withHTTP2 { client in
            let stream = client.get("/stream")
            var received = 0
            while received < 65_535, let frame = client.next() {
                if frame.type == 0 { received += frame.payload.count }
            }
            // The server has processed the frame.
            client.send(.ping())
            _ = client.next { $0.type == 6 }
            client.send(.reset(stream, 8))
        }
        await cancelled.wait()
        #expect(body.pulled <= 65_535 + 16 * 1024)
    }

    @Test func `a client that does not take events until the buffer is full loses that stream`() async throws
    {
        let (slow, other) = (BodyChannel(byteLimit: 256 * 1024), BodyChannel())
        let server = try await HTTPServer.start(StreamHandler { $0.path == "/slow" ? slow : other })
        let (code, text) = try await server.withHTTP2 { client in
            // Room for both on the connection.
            client.send(.windowUpdate(0, 1 << 20))
            let streams = [client.get("/slow"), client.get("/other")]
            for stream in streams { _ = client.next { $0.type == 1 && $0.stream == stream } }
            let event = [UInt8](repeating: 7, count: 32 * 1024)
            while slow.send(event) {}
            let reset = client.next { $0.type == 3 && $0.stream == streams[0] }
            other.send(Array("goes on".utf8))
            other.finish()
            return (reset?.code, client.reply(streams[1])?.text)
        }
        #expect(code == 2)
        #expect(text == "goes on")
        #expect(slow.heldBytes == 0)
    }

    @Test func `a client that does not open its window in time loses the stream`() async throws {
        let cancelled = Reported()
        let body = EndlessBody(onCancel: cancelled.report)
        let server = try await HTTPServer.start(StreamHandler(body)) { $0.bodyTimeout = .milliseconds(200) }
        // The least rate is judged by what was sent: of this window that is one byte.
        try await server.withHTTP2([(4, 1)]) { client in
            let stream = client.get("/stream")
            #expect(client.next { $0.type == 3 && $0.stream == stream || $0.type == 7 } != nil)
        }
        await cancelled.wait()
    }

    @Test func `a body with nothing to send is not too slow`() async throws {
        let body = BodyChannel()
        let server = try await HTTPServer.start(StreamHandler(body)) {
            $0.bodyTimeout = .milliseconds(50)
            // Long enough for a client on a busy machine to send its request.
            $0.idleTimeout = .milliseconds(500)
        }
        let texts = try await server.withHTTP2 { client in
            client.get("/stream")
            _ = client.next { $0.type == 1 }
            return (0..<3).map { _ in
                client.wire.dawdle(milliseconds: 600)
                body.send(Array("late".utf8))
                return client.next { $0.type == 0 }?.payload
            }
        }
        #expect(texts == Array(repeating: Array("late".utf8), count: 3))
    }

    @Test func `a client may open its windows after each of many small events`() async throws {
        let body = BodyChannel()
        let server = try await HTTPServer.start(StreamHandler(body))
        let count = try await server.withHTTP2 { client in
            let stream = client.get("/stream")
            return (0..<1500).count { _ in
                body.send([1])
                let isReceived = client.next { $0.type == 0 }?.payload == [1]
                client.send(.windowUpdate(0, 1), .windowUpdate(stream, 1))
                return isReceived
            }
        }
        #expect(count == 1500)
    }

    @Test func `draining ends bodies without end, and then the connection`() async throws {
        let body = BodyChannel()
        let server = try await HTTPServer.start(StreamHandler(body))
        let opened = Reported()
        async let reply = server.withHTTP2 { client in
            let stream = client.get("/stream")
            _ = client.next { $0.type == 1 }
            opened.report()
            return (client.reply(stream), client.endCode())
        }
        await opened.wait()
        body.send(Array("last".utf8))
        await server.drain(within: .seconds(60))
        let (last, code) = try await reply
        #expect(last?.text == "last" && last?.code == nil)
        #expect(code == 0)
    }

    @Test func `a connection that only streams bodies without end is evicted`() async throws {
        let cancelled = Reported()
        let body = BodyChannel(onCancel: cancelled.report)
        let server = try await HTTPServer.start(StreamHandler(body)) { $0.connections = 1 }
        let (code, status) = try await server.withHTTP2 { client in
            client.get("/stream")
            _ = client.next { $0.type == 1 }
            let other = try TestClient(server)
            other.send("GET /now HTTP/1.1\r\nHost: h\r\n\r\n")
            return (client.endCode(), other.reply()?.status)
        }
        #expect(code == 0)
        #expect(status == 200)
        await cancelled.wait()
    }

    @Test func `one event reaches ten thousand open streams`() async throws {
        let (connections, streams) = (100, 100)
        let bodies = (0..<connections * streams).map { _ in BodyChannel() }
        let server = try await HTTPServer.start(
            StreamHandler { bodies[Int($0.path.dropFirst()) ?? 0] })
        let counts = try await onThread {
            let clients = try (0..<connections).map { number in
                let client = try HTTP2Client(server)
                for stream in 0..<streams { client.get("/\(number * streams + stream)") }
                for _ in 0..<streams { _ = client.next { $0.type == 1 } }
                return client
            }
            let event = Array("event".utf8)
            for body in bodies { body.send(event) }
            return clients.map { client in
                (0..<streams).count { _ in client.next { $0.type == 0 }?.payload == event }
            }
        }
        #expect(counts == Array(repeating: streams, count: connections))
    }
}
