import HTTPServing
import HTTPWire
import Testing
import Transport

/// Response bodies of unknown length over HTTP/1.1.
@Suite struct StreamingTests {
    private static let get = "GET /stream HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test func `a streamed body comes in chunks as it is sent, and the connection is kept`() async throws {
        let body = BodyChannel()
        let server = try await HTTPServer.start(StreamHandler(body))
        let (head, chunks, next) = try await server.with { client in
            client.send(Self.get)
            let head = client.reply(toHEAD: true)
            body.send(Array("one".utf8))
            let first = client.read(8)
            body.send(Array("three".utf8))
            body.finish()
            let rest = client.read(15)
            client.send("GET /now HTTP/1.1\r\nHost: h\r\n\r\n")
            return (head, [first, rest], client.reply()?.text)
        }
        #expect(head?.status == 200)
        #expect(head?["transfer-encoding"] == "chunked")
        #expect(head?["content-length"] == nil)
        #expect(chunks == [Array("3\r\none\r\n".utf8), Array("5\r\nthree\r\n0\r\n\r\n".utf8)])
        #expect(next == "now")
    }

    @Test func `an HTTP_1_0 client gets the body until the connection closes`() async throws {
        let body = BodyChannel()
        body.send(Array("all of it".utf8))
        body.finish()
        let server = try await HTTPServer.start(StreamHandler(body))
        let (head, rest) = try await server.with { client in
            client.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            return (client.reply(toHEAD: true), client.rest())
        }
        #expect(head?["transfer-encoding"] == nil)
        #expect(head?["connection"] == "close")
        #expect(rest.bytes == Array("all of it".utf8) && !rest.wasReset)
    }

    @Test func `HEAD gets no body, and the source is cancelled`() async throws {
        let cancelled = Reported()
        let body = BodyChannel(onCancel: cancelled.report)
        let server = try await HTTPServer.start(StreamHandler(body))
        let replies = try await server.with { client in
            client.send("HEAD /stream HTTP/1.1\r\nHost: h\r\n\r\nGET /now HTTP/1.1\r\nHost: h\r\n\r\n")
            return [client.reply(toHEAD: true)?["transfer-encoding"], client.reply()?.text]
        }
        #expect(replies == ["chunked", "now"])
        await cancelled.wait()
    }

    @Test(arguments: [false, true], [false, true])
    func `a client that leaves cancels the body`(_ resets: Bool, _ pipelines: Bool) async throws {
        let cancelled = Reported()
        let body = BodyChannel(onCancel: cancelled.report)
        let server = try await HTTPServer.start(StreamHandler(body))
        let rest = try await server.with { client in
            // Input behind the request hides neither the end of the client's side nor a reset.
            client.send(pipelines ? Self.get + Self.get : Self.get)
            _ = client.reply(toHEAD: true)
            if resets {
                client.reset()
                return [UInt8]()
            }
            client.endSending()
            return client.rest().bytes
        }
        #expect(rest.isEmpty)
        await cancelled.wait()
        #expect(!body.send([1]))
    }

    @Test func `a body is read no faster than its client takes it`() async throws {
        let cancelled = Reported()
        let body = EndlessBody(onCancel: cancelled.report)
        let server = try await HTTPServer.start(StreamHandler(body))
        try await server.with { client in
            client.send(Self.get)
            _ = client.reply(toHEAD: true)
            client.dawdle(milliseconds: 200)
        }
        await cancelled.wait()
        // What the kernel buffers on both sides; unbounded it were hundreds of megabytes.
        #expect(body.pulled < 32 << 20)
    }

    @Test func `a client that does not take events until the buffer is full is cut off`() async throws {
        let body = BodyChannel(byteLimit: 256 * 1024)
        let server = try await HTTPServer.start(StreamHandler(body))
        let wasReset = try await server.with { client in
            client.send(Self.get)
            _ = client.reply(toHEAD: true)
            let event = [UInt8](repeating: 7, count: 64 * 1024)
            while body.send(event) {}
            // The wait for the reset is bounded by the client.
            client.waitUntilReset()
            return client.rest().wasReset
        }
        #expect(wasReset)
        #expect(body.heldBytes == 0)
    }

    @Test func `a client that is always too slow for a body does not hold its connection`() async throws {
        let cancelled = Reported()
        let body = EndlessBody(onCancel: cancelled.report)
        let server = try await HTTPServer.start(StreamHandler(body)) {
            $0.bodyTimeout = .milliseconds(400)
            $0.sendingRateMin = 1 << 30
        }
        try await server.with { client in
            client.send(Self.get)
            while client.read(64 << 10) != nil { client.dawdle(milliseconds: 10) }
        }
        await cancelled.wait()
    }

    @Test func `a body with nothing to send is not too slow`() async throws {
        let body = BodyChannel()
        let server = try await HTTPServer.start(StreamHandler(body)) {
            $0.bodyTimeout = .milliseconds(50)
            $0.idleTimeout = .milliseconds(50)
            $0.headerTimeout = .milliseconds(50)
        }
        let chunks = try await server.with { client in
            client.send(Self.get)
            _ = client.reply(toHEAD: true)
            return (0..<3).map { _ in
                client.dawdle(milliseconds: 120)
                body.send(Array("late".utf8))
                return client.read(9)
            }
        }
        #expect(chunks == Array(repeating: Array("4\r\nlate\r\n".utf8), count: 3))
    }

    @Test func `curl reads a stream as it comes`() async throws {
        let body = BodyChannel()
        let server = try await HTTPServer.start(StreamHandler(body))
        for number in 1...3 { body.send(Array("event \(number)\n".utf8)) }
        body.finish()
        guard case .ipv4(_, let port) = server.addresses[0] else { preconditionFailure("IPv4 expected") }
        let text = try await output(of: "curl -sN -m 30 --noproxy '*' http://127.0.0.1:\(port)/stream")
        #expect(String(decoding: text, as: UTF8.self) == "event 1\nevent 2\nevent 3\n")
    }
}

/// Streamed bodies when the server drains, and when it has no room.
@Suite struct StreamEndTests {
    private static let get = "GET /stream HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test func `draining ends a body without end after what was sent, and then the connection`() async throws
    {
        let body = BodyChannel()
        let server = try await HTTPServer.start(StreamHandler(body))
        let opened = Reported()
        async let rest = server.with { client in
            client.send(Self.get)
            _ = client.reply(toHEAD: true)
            opened.report()
            return client.rest()
        }
        await opened.wait()
        body.send(Array("last".utf8))
        await server.drain(within: .seconds(60))
        let (bytes, wasReset) = try await rest
        #expect(bytes == Array("4\r\nlast\r\n0\r\n\r\n".utf8))
        #expect(!wasReset)
        #expect(!body.send([1]))
    }

    @Test func `draining lets a body with an end come to it, and cuts it at the bound`() async throws {
        for bound in [Duration.seconds(60), .milliseconds(20)] {
            let cancelled = Reported()
            let body = BodyChannel(isEndless: false, onCancel: cancelled.report)
            let server = try await HTTPServer.start(StreamHandler(body))
            let opened = Reported()
            async let rest = server.with { client in
                client.send(Self.get)
                _ = client.reply(toHEAD: true)
                opened.report()
                return client.rest().bytes
            }
            await opened.wait()
            async let drained: Void = server.drain(within: bound)
            if bound == .seconds(60) {
                while try Listener.isFree(server.addresses[0]) == false { await Task.yield() }
                #expect(body.send(Array("more".utf8)))
                body.finish()
            } else {
                await cancelled.wait()
            }
            await drained
            #expect(try await rest == Array((bound == .seconds(60) ? "4\r\nmore\r\n0\r\n\r\n" : "").utf8))
        }
    }

    @Test func `a body without end is evicted for a new connection, and ends in order`() async throws {
        let cancelled = Reported()
        let body = BodyChannel(onCancel: cancelled.report)
        let server = try await HTTPServer.start(StreamHandler(body)) { $0.connections = 1 }
        let (rest, other) = try await onThread {
            let stream = try TestClient(server)
            stream.send(Self.get)
            _ = stream.reply(toHEAD: true)
            let other = try TestClient(server)
            other.send("GET /now HTTP/1.1\r\nHost: h\r\n\r\n")
            return (stream.rest(), other.reply()?.status)
        }
        #expect(rest.bytes == Array("0\r\n\r\n".utf8) && !rest.wasReset)
        #expect(other == 200)
        await cancelled.wait()
    }

    @Test func `an idle connection is evicted before a stream, and a body with an end is not`() async throws {
        let endless = BodyChannel()
        let finite = BodyChannel(isEndless: false)
        let server = try await HTTPServer.start(StreamHandler { $0.path == "/finite" ? finite : endless }) {
            $0.connections = 3
        }
        let statuses = try await onThread {
            let stream = try TestClient(server)
            stream.send(Self.get)
            let isOpen = stream.reply(toHEAD: true)?.status
            let kept = try TestClient(server)
            kept.send("GET /finite HTTP/1.1\r\nHost: h\r\n\r\n")
            let isKept = kept.reply(toHEAD: true)?.status
            let idle = try TestClient(server)
            // In the place of the idle one, then of the stream, then in none.
            var others = [idle]
            let statuses = try (0..<3).map { _ in
                let other = try TestClient(server)
                others.append(other)
                other.send("GET /finite HTTP/1.1\r\nHost: h\r\n\r\n")
                return other.reply(toHEAD: true)?.status
            }
            return [isOpen, isKept] + statuses
        }
        #expect(statuses == [200, 200, 200, 200, 503])
    }
}
