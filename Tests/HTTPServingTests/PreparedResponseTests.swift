import HTTPServing
import HTTPWire
import Testing

/// A response that is rendered once reaches clients like one that is rendered for each.
@Suite struct PreparedResponseTests {
    private static let names = [
        "etag", "content-type", "content-length", "connection", "x-request-id", "transfer-encoding",
    ]
    private static let paths = ["/text", "/empty", "/not-modified", "/nothing", "/large"]
    private static let last = "/last"

    /// What a client can see of the response to a request; `nil` fields are absent.
    private static func seen(_ request: String, isHEAD: Bool, prepared: Bool) async throws -> [String?] {
        let server = try await HTTPServer.start(FixedResponses(isPrepared: prepared))
        let reply = try await server.with { client in
            client.send(request)
            return client.reply(toHEAD: isHEAD)
        }
        let found = try #require(reply)
        #expect(found["date"]?.hasSuffix(" GMT") == true)
        return ["\(found.status)", found.text] + names.map { found[$0] }
    }

    @Test(arguments: paths + [last], ["GET", "HEAD"])
    func `HTTP/1.1: head and content are the same`(_ path: String, _ method: String) async throws {
        for last in ["1.1\r\n", "1.1\r\nConnection: close\r\n", "1.0\r\n"] {
            let request = "\(method) \(path) HTTP/\(last)Host: h\r\nX-Request-Id: mine\r\n\r\n"
            let prepared = try await Self.seen(request, isHEAD: method == "HEAD", prepared: true)
            let rendered = try await Self.seen(request, isHEAD: method == "HEAD", prepared: false)
            #expect(prepared == rendered)
            #expect(prepared[6] == "mine")
        }
    }

    @Test func `HTTP/1.1: the connection goes on after each, and a body that nobody read ends it`()
        async throws
    {
        let server = try await HTTPServer.start(FixedResponses(isPrepared: true))
        let replies = try await server.with { client in
            client.send(Self.paths.map { "GET \($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined())
            var replies = Self.paths.map { _ in client.reply() }
            client.send("POST /text HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc")
            replies.append(client.reply())
            return replies
        }
        #expect(replies.map { $0?.status } == [200, 200, 304, 204, 200, 200])
        #expect(replies.map { $0?["connection"] } == Array(repeating: "keep-alive", count: 5) + ["close"])
    }

    @Test func `HTTP/2: status and content are the same`() async throws {
        var replies: [[HTTP2Reply?]] = []
        for isPrepared in [true, false] {
            let server = try await HTTPServer.start(FixedResponses(isPrepared: isPrepared))
            replies.append(
                try await server.withHTTP2 { client in
                    Self.paths.flatMap { path in
                        [client.get(path), client.get(path, method: "HEAD")].map { client.reply($0) }
                    }
                })
        }
        #expect(replies[0] == replies[1])
        #expect(replies[0].allSatisfy { $0?.status != nil })
    }

    @Test func `each has its record, with the bytes that were sent`() async throws {
        let records = RecordedRequests()
        let server = try await HTTPServer.start(
            RequestLog(records.settings, before: FixedResponses(isPrepared: true)))
        try await server.with { client in
            for path in ["/text", "/large"] {
                client.send("GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
                _ = client.reply()
                client.send("HEAD \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
                _ = client.reply(toHEAD: true)
            }
        }
        #expect(
            await records.first(4).map(\.summary)
                == ["GET /text 200 4", "HEAD /text 200 0", "GET /large 200 40000", "HEAD /large 200 0"])
    }

    @Test func `a middleware can change it, and the next request gets it unchanged`() async throws {
        let server = try await HTTPServer.start(ChangingOnRequest(next: FixedResponses(isPrepared: true)))
        let changes = try await server.with { client in
            ["/text", "/text?change", "/text"].map { target in
                client.send("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n")
                return client.reply()?["x-changed"]
            }
        }
        #expect(changes == [nil, "yes", nil])
    }
}

/// Responds with fixed responses, prepared or not.
private struct FixedResponses: HTTPHandler {
    private let responses: [String: PreparedResponse]
    private let isPrepared: Bool

    init(isPrepared: Bool) {
        var fields = HTTPFields()
        fields.append("ETag", "\"1\"")
        var last = HTTPResponse.text("last")
        last.closes = true
        let large = [UInt8](repeating: 7, count: 40_000)
        responses = [
            "/text": .text("text"), "/empty": HTTPResponse(status: 200, fields: fields),
            "/not-modified": HTTPResponse(status: 304, fields: fields),
            "/nothing": HTTPResponse(status: 204), "/last": last,
            "/large": HTTPResponse(status: 200, fields: fields, body: .bytes(large)),
        ].mapValues { PreparedResponse($0) }
        self.isPrepared = isPrepared
    }

    func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        guard let response = responses[head.path] else { return .respond(.text("none", status: 404)) }
        if isPrepared { return Disposition(response, route: head.path, number: 1) }
        return .respond(response.response, route: head.path)
    }
}

/// Adds a field to the response where the query asks for it.
private struct ChangingOnRequest: HTTPHandler {
    let next: FixedResponses

    func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        let disposition = next.handle(head, context)
        if head.query != "change" { return disposition }
        return disposition.changingResponse { $0.fields.append("X-Changed", "yes") }
    }
}
