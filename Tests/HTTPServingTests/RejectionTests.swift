import HTTPServing
import HTTPWire
import Testing
import Transport

/// Requests that the HTTP layer rejects: the status is right, the connection closes, and the response can be
/// read although the client may have sent more.
@Suite struct RejectionTests {
    private struct Case: CustomTestStringConvertible {
        let status: Int
        let request: String
        var testDescription: String { "\(status) \(request.prefix(60))" }
    }

    private static let cases = [
        Case(status: 400, request: "GET / HTTP/1.1\r\n\r\n"),
        Case(status: 400, request: "GET /\u{1} HTTP/1.1\r\nHost: h\r\n\r\n"),
        Case(status: 400, request: "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        Case(status: 413, request: "POST /five HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabcdef"),
        Case(
            status: 413,
            request:
                "POST /five HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n"
        ),
        Case(
            status: 413,
            request: "POST /five HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\nExpect: 100-continue\r\n\r\n"),
        Case(status: 414, request: "GET /\(String(repeating: "a", count: 9000)) HTTP/1.1\r\nHost: h\r\n\r\n"),
        Case(status: 415, request: "POST /refused HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"),
        Case(
            status: 431,
            request: "GET / HTTP/1.1\r\nHost: h\r\nA: \(String(repeating: "a", count: 20_000))\r\n\r\n"),
        Case(status: 501, request: "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"),
        Case(status: 400, request: "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n"),
        Case(
            status: 400,
            request: "GET /now HTTP/1.1\r\nHost: h\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n"),
        Case(status: 400, request: "GET / HTTP/2.0\r\nHost: h\r\n\r\n"),
    ]

    @Test(arguments: cases)
    private func `a rejection has its status and closes the connection`(_ example: Case) async throws {
        let server = try await HTTPServer.start()
        let request = example.request
        let (reply, rest) = try await server.with { client in
            client.send(request)
            return (client.reply(), client.rest())
        }
        #expect(reply?.status == example.status)
        #expect(reply?["connection"] == "close")
        #expect(reply?["x-request-id"]?.hasPrefix("req-") == true)
        #expect(rest.bytes.isEmpty)
        #expect(!rest.wasReset)
    }

    @Test(arguments: ["/five", "/refused"])
    func `a rejected upload can be sent to its end, and the response can still be read`(
        _ path: String
    ) async throws {
        let server = try await HTTPServer.start()
        let (wasTaken, reply, rest) = try await server.with { client in
            client.send("POST \(path) HTTP/1.1\r\nHost: h\r\nContent-Length: \(8 << 20)\r\n\r\n")
            let wasTaken = client.send([UInt8](repeating: 120, count: 8 << 20))
            return (wasTaken, client.reply(), client.rest())
        }
        #expect(wasTaken)
        #expect(reply?.status == (path == "/five" ? 413 : 415))
        #expect(rest.bytes.isEmpty && !rest.wasReset)
    }

    @Test func `an upload without end is cut off after the time for a body`() async throws {
        let server = try await HTTPServer.start { $0.bodyTimeout = .milliseconds(300) }
        try await server.with { client in
            client.send("POST /five HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n")
            // Ends because the server does, not by a count.
            while client.send([UInt8](repeating: 120, count: 64 << 10)) {}
        }
    }

    @Test func `bytes after a rejected request are not read as a request`() async throws {
        let server = try await HTTPServer.start()
        let (status, rest) = try await server.with { client in
            client.send("POST /five HTTP/1.1\r\nHost: h\r\nContent-Length: 40\r\n\r\n")
            client.send("GET /now HTTP/1.1\r\nHost: h\r\n\r\n")
            return (client.reply()?.status, client.rest().bytes)
        }
        #expect(status == 413)
        #expect(rest.isEmpty)
    }

    @Test func `a head that arrives too slowly gets 408`() async throws {
        let server = try await HTTPServer.start { $0.headerTimeout = .milliseconds(30) }
        let (reply, rest) = try await server.with { client in
            client.send("GET /now HTTP/1.1\r\nHo")
            return (client.reply(), client.rest().bytes)
        }
        #expect(reply?.status == 408)
        #expect(rest.isEmpty)
    }

    @Test func `bytes that arrive slowly do not extend the time for a head`() async throws {
        let server = try await HTTPServer.start { $0.headerTimeout = .milliseconds(50) }
        let status = try await server.with { client in
            client.send("GET /now HTTP/1.1\r\nHost: h\r\nX: ")
            // Sends as long as the server reads; ends because that ends, not by a count.
            while !client.hasReply(within: .milliseconds(1)) { client.send("a") }
            return client.reply()?.status
        }
        #expect(status == 408)
    }

    @Test func `a body that arrives too slowly gets 408`() async throws {
        let server = try await HTTPServer.start { $0.bodyTimeout = .milliseconds(30) }
        let (reply, rest) = try await server.with { client in
            client.send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nab")
            return (client.reply(), client.rest().bytes)
        }
        #expect(reply?.status == 408)
        #expect(rest.isEmpty)
    }

    @Test func `an idle connection is closed without a response, before and after a request`() async throws {
        let server = try await HTTPServer.start { $0.idleTimeout = .milliseconds(30) }
        let rest = try await server.with { client in client.rest() }
        #expect(rest.bytes.isEmpty && !rest.wasReset)
        let (status, after) = try await server.with { client in
            client.send("GET /now HTTP/1.1\r\nHost: h\r\n\r\n")
            return (client.reply()?.status, client.rest())
        }
        #expect(status == 200)
        #expect(after.bytes.isEmpty && !after.wasReset)
    }

    @Test func `time limits for clients do not apply to the handler`() async throws {
        let (events, sink) = AsyncStream<String>.makeStream()
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let server = try await HTTPServer.start(ExampleHandler(events: sink, gate: gate)) {
            $0.headerTimeout = .milliseconds(5)
            $0.bodyTimeout = .milliseconds(5)
            $0.idleTimeout = .milliseconds(5)
        }
        async let status = server.with { client in
            client.send("POST /gate HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx")
            return client.reply()?.status
        }
        var seen = events.makeAsyncIterator()
        #expect(await seen.next() == "asked")
        await loop.sleep(for: .milliseconds(25))
        opener.yield()
        #expect(try await status == 200)
    }

    @Test func `a client that reads nothing of its response is closed`() async throws {
        let server = try await HTTPServer.start { $0.bodyTimeout = .milliseconds(50) }
        let bytes = try await server.with { client in
            client.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n")
            client.waitUntilReset()
            return client.rest().bytes.count
        }
        #expect(bytes < 8 << 20)
    }
}
