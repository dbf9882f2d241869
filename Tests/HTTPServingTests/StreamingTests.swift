import HTTPServing
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
            // Long enough for a client on a busy machine to send its request.
            $0.idleTimeout = .milliseconds(500)
            $0.headerTimeout = .milliseconds(50)
        }
        let chunks = try await server.with { client in
            client.send(Self.get)
            _ = client.reply(toHEAD: true)
            return (0..<3).map { _ in
                client.dawdle(milliseconds: 600)
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
