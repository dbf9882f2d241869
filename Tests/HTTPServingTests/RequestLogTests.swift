import HTTPServing
import HTTPWire
import TestSupport
import Testing

/// One record for each request, whatever becomes of its connection.
@Suite struct RequestLogTests {
    private let records = RecordedRequests()

    private func server(
        gate: AsyncStream<Void>? = nil, _ adjust: (inout HTTPLimits) -> Void = { _ in }
    ) async throws -> HTTPServer {
        let handler = RoutedHandler(next: ExampleHandler(gate: gate))
        return try await HTTPServer.start(RequestLog(records.settings, before: handler), adjust)
    }

    @Test func `HTTP/1.1: one record per request, in order`() async throws {
        let server = try await server()
        try await server.with { client in
            client.send("GET /now?key=secret HTTP/1.1\r\nHost: h\r\nX-Request-Id: mine\r\n\r\n")
            _ = client.reply()
            client.send("HEAD /now HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = client.reply(toHEAD: true)
            client.send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc")
            _ = client.reply()
            client.send("GET /hop HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = client.reply()
        }
        let all = await records.first(4)
        #expect(
            all.map(\.summary) == ["GET /now 200 7", "HEAD /now 200 0", "POST /p 200 9", "GET /hop 200 10"])
        #expect(all[0].requestID == "mine")
        #expect(all.allSatisfy { $0.principal == .local && $0.duration > .zero })
    }

    @Test func `a repeated head has a record each time`() async throws {
        let server = try await server()
        try await server.with { client in
            client.send(String(repeating: "GET /now HTTP/1.1\r\nHost: h\r\n\r\n", count: 5))
            for _ in 0..<5 { _ = client.reply() }
        }
        #expect(await records.first(5).map(\.summary) == Array(repeating: "GET /now 200 7", count: 5))
    }

    @Test(arguments: [
        ("GET /none HTTP/1.1\r\nHost: h\r\n\r\n", "GET - 404 7"),
        ("POST /five HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n", "POST /five 413 32"),
        (
            "POST /five HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n123456789\r\n",
            "POST /five 413 32"
        ),
        ("POST /refused HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n", "POST /refused 415 2"),
        ("POST /unread HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n", "POST /unread 200 14"),
        ("POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "POST /p 400 "),
        ("GET no-slash HTTP/1.1\r\nHost: h\r\n\r\n", "- - 400 "),
        ("GET / HTTP/1.1\r\n\r\n", "- - 400 "),
    ])
    func `HTTP/1.1: an error has exactly one record`(_ request: String, _ expected: String) async throws {
        let server = try await server()
        let get = "GET /now HTTP/1.1\r\nHost: h\r\n\r\n"
        try await server.with { client in
            client.send(request)
            _ = client.reply()
        }
        try await server.with { client in
            client.send(get)
            _ = client.reply()
        }
        let all = await records.first(2).map(\.summary)
        #expect(all[0].hasPrefix(expected), "\(all)")
        #expect(all[1] == "GET /now 200 7")
    }

    @Test func `HTTP/1.1: clients that leave have records too`() async throws {
        let (gate, _) = AsyncStream<Void>.makeStream()
        let server = try await server(gate: gate)
        try await server.with { client in
            client.send("GET /gate HTTP/1.1\r\nHost: h\r\n\r\n")
            // Answered on the same loop after the first was begun.
            _ = try TestClient(server).status("GET /now HTTP/1.1\r\nHost: h\r\n\r\n")
            client.reset()
        }
        try await server.with { client in
            client.send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nab")
            _ = try TestClient(server).status("GET /now HTTP/1.1\r\nHost: h\r\n\r\n")
        }
        try await server.with { client in
            client.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = client.read(1000)
            client.reset()
        }
        let all = await records.first(5)
        let large = try #require(all.first { $0.route == "/large" })
        #expect(
            Set(all.filter { $0.route != "/large" }.map(\.summary))
                == ["GET /now 200 7", "GET /gate - 0", "POST /p - 0"])
        #expect(large.outcome.status == 200 && large.outcome.completion == .cancelled)
        #expect((1..<8 << 20).contains(large.outcome.bytes))
    }

    @Test func `HTTP/2: one record per request, errors and resets included`() async throws {
        let (gate, _) = AsyncStream<Void>.makeStream()
        let server = try await server(gate: gate)
        try await server.withHTTP2 { client in
            for path in ["/now", "/hop", "/none", "/large"] { _ = client.reply(client.get(path)) }
            let post = client.post("/five")
            client.send(.data(post, Array("123456789".utf8), ends: true))
            _ = client.reply(post)
            let waiting = client.get("/gate")
            _ = client.reply(client.get("/now"))
            client.send(.reset(waiting, 8))
            _ = client.reply(client.get("/nothing"))
            _ = client.post("/p")
            _ = client.reply(client.get("/now"))
        }
        let all = await records.first(10)
        #expect(
            all.map(\.summary) == [
                "GET /now 200 7", "GET /hop 200 10", "GET - 404 7", "GET /large 200 8388608",
                "POST /five 413 32", "GET /now 200 7", "GET /gate - 0", "GET /nothing 204 0",
                "GET /now 200 7",
                "POST /p - 0",
            ])
    }

    @Test func `health checks have no record, nor have requests while the log is disabled`() async throws {
        let server = try await server()
        try await server.with { client in
            client.send("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = client.reply()
            records.enable(false)
            client.send("GET /hop HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = client.reply()
            records.enable(true)
            client.send("GET /now HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = client.reply()
        }
        #expect(await records.first(1).map(\.summary) == ["GET /now 200 7"])
    }
}

/// A handler that names the routes of the example.
private struct RoutedHandler: HTTPHandler {
    let next: ExampleHandler

    func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        if head.path == "/none" { return .respond(.text("nothing", status: 404)) }
        var disposition = next.handle(head, context)
        disposition.route = head.path
        disposition.principal = context.isLocal ? .local : .anonymous
        return disposition
    }
}

extension TestClient {
    /// The status of the response to a request.
    fileprivate func status(_ request: String) -> Int? {
        send(request)
        return reply()?.status
    }
}
