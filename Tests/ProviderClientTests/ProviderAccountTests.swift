import Gateway
import HTTPFetching
import TestSupport
import Testing
import Transport
import VideoJobs

@testable import ProviderClient

/// The client over real sockets: the requests that the provider receives, their number and their outcome.
@Suite struct ProviderAccountTests {
    private static let payload = Array(#"{"model":"m","prompt":"散步"}"#.utf8)
    private static let accepted = #"{"id":"task-1","status":"pending","progress":0}"#

    /// Long timeouts, except in tests of timeouts: the machine may be busy with other tests.
    private func client(
        _ baseURL: String, timeout: Duration = .seconds(120)
    ) -> ProviderAccount {
        var settings = ProviderSettings(baseURL: baseURL)
        settings.submitTimeout = timeout
        settings.pollTimeout = timeout
        settings.connectTimeout = timeout
        let fetcher = HTTPFetcher(loop: testLoop, userAgent: "reelgate/test")
        return ProviderAccount(key: key, settings: settings, fetcher: fetcher, now: { november })
    }

    private func create(_ client: ProviderAccount) async -> SubmissionVerdict {
        let verdict = await client.create(Self.payload, for: TaskID("task-rg-1"))
        expectNoKey(in: verdict)
        expectNoKey(in: client)
        return verdict
    }

    /// Whether a verdict forbids another POST.
    private func isUnknown(_ verdict: SubmissionVerdict) -> Bool {
        if case .unknown = verdict { true } else { false }
    }

    private func isUnsent(_ verdict: SubmissionVerdict) -> Bool {
        if case .blocked(.providerUnreachable, nil, let message) = verdict {
            return message.hasPrefix("Not sent")
        }
        return false
    }

    @Test func `a create is one POST of the unchanged payload with the key and the User-Agent`() async throws
    {
        let server = RawServer { connection, _ in
            connection.readRequest()
            connection.respond(200, Self.accepted)
        }
        defer { server.stop() }
        let verdict = await create(client(server.origin + "/api/"))
        #expect(verdict == .accepted(ProviderTaskID("task-1"), ProviderReport(.pending, progress: 0)))
        let seen = try #require(server.requests.first)
        #expect(server.requests.count == 1)
        #expect(seen.lines.first == "POST /api/v1/videos/generations HTTP/1.1")
        #expect(seen.body == Self.payload)
        for line in [
            "Authorization: Bearer \(secret)", "Content-Type: application/json", "User-Agent: reelgate/test",
        ] {
            #expect(seen.lines.contains(line))
        }
        #expect(seen.lines.count { $0.contains(secret) } == 1)
    }

    @Test func `a poll is one GET of the escaped ID`() async throws {
        let server = RawServer { connection, _ in
            while connection.readRequest() != nil { connection.respond(200, #"{"status":"processing"}"#) }
        }
        defer { server.stop() }
        let client = client(server.origin)
        let ids = ["task-1", "a/b?c#d%", "..", ".", "视", "a b\n"]
        for id in ids {
            #expect(await client.poll(ProviderTaskID(id)) == .report(ProviderReport(.processing)))
        }
        #expect(
            server.requests.map(\.target) == [
                "/v1/tasks/task-1", "/v1/tasks/a%2Fb%3Fc%23d%25", "/v1/tasks/%2E%2E", "/v1/tasks/%2E",
                "/v1/tasks/%E8%A7%86", "/v1/tasks/a%20b%0A",
            ])
        #expect(server.requests.allSatisfy { $0.lines.contains("Authorization: Bearer \(secret)") })
    }

    @Test func `a refusal has the provider's message`() async {
        let server = RawServer { connection, _ in
            connection.readRequest()
            connection.respond(422, errorText)
        }
        defer { server.stop() }
        let failure = FailureReason(code: "invalid_request_error", message: "No such model", httpStatus: 422)
        #expect(await create(client(server.origin)) == .refused(failure))
        #expect(server.posts == 1)
    }

    @Test func `a refused connection, an unknown host and a missing TLS server are not sent`() async {
        let plain = RawServer { connection, _ in connection.write("HTTP/1.1 400 Plain\r\n\r\n") }
        defer { plain.stop() }
        #expect(isUnsent(await create(client("http://127.0.0.1:\(RawServer.closedPort())"))))
        #expect(isUnsent(await create(client("http://provider.invalid"))))
        #expect(isUnsent(await create(client("https://127.0.0.1:\(plain.port)"))))
        #expect(plain.posts == 0)
    }

    /// Failures in which the provider has or may have received the job.
    private static let interruptions: [(name: String, script: RawServer.Script)] = [
        ("cut without a word", { connection, _ in connection.readRequest() }),
        (
            "reset without a word",
            { connection, _ in
                connection.readRequest()
                connection.reset()
            }
        ),
        ("cut within the status line", after { $0.write("HTTP/1.1 20") }),
        ("cut within the head", after { $0.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n") }),
        (
            "cut within the body",
            after { $0.write("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"id\":\"t\"}") }
        ),
        ("no HTTP", after { $0.write("garbage") }),
        ("success without a body", after { $0.respond(200) }),
        ("an edge's page", after { $0.respond(502, "<html>") }),
        ("the provider's own 500", after { $0.respond(500, errorText) }),
        ("a refusal of somebody else", after { $0.respond(403, "error code: 1010") }),
        ("a redirect", after { $0.respond(307, fields: ["Location: /elsewhere"]) }),
        (
            "a response without end",
            after { connection in
                connection.write("HTTP/1.1 200 OK\r\n\r\n")
                while connection.write([UInt8](repeating: 0x20, count: 64 << 10)) {}
            }
        ),
    ]

    private static func after(_ write: @escaping @Sendable (RawConnection) -> Void) -> RawServer.Script {
        { connection, _ in
            connection.readRequest()
            write(connection)
        }
    }

    @Test func `every interruption is unknown, after one POST`() async {
        for ending in Self.interruptions {
            let server = RawServer(ending.script)
            defer { server.stop() }
            #expect(isUnknown(await create(client(server.origin))), "\(ending.name)")
            #expect(server.posts == 1, "\(ending.name)")
            #expect(server.requests.count == 1, "\(ending.name)")
        }
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n{\"id\":\"task-1\""])
    func `a provider that hangs, or stops within its response, is unknown after one POST`(
        _ start: String
    ) async {
        let server = RawServer { connection, _ in
            connection.readRequest()
            connection.write(start)
            connection.waitForEnd()
        }
        defer { server.stop() }
        #expect(isUnknown(await create(client(server.origin, timeout: .milliseconds(800)))))
        #expect(server.posts == 1)
    }

    @Test(.onTheLoop) func `a failing reused connection causes no second POST`() async {
        let server = RawServer { connection, number in
            connection.readRequest()
            connection.respond(200, Self.accepted)
            if number == 0 { connection.readRequest() } else { connection.waitForEnd() }
        }
        defer { server.stop() }
        let client = client(server.origin)
        #expect(!isUnknown(await create(client)))
        #expect(isUnknown(await create(client)))
        #expect(server.posts == 2)
    }

    @Test(.onTheLoop) func `a poll is repeated if its reused connection fails`() async {
        let server = RawServer { connection, number in
            connection.readRequest()
            connection.respond(200, #"{"status":"pending"}"#)
            if number == 0 { connection.readRequest() } else { connection.waitForEnd() }
        }
        defer { server.stop() }
        let client = client(server.origin)
        for _ in 0..<2 {
            #expect(await client.poll(ProviderTaskID("t")) == .report(ProviderReport(.pending)))
        }
        #expect(server.requests.count == 3)
    }

    @Test func `a poll's reply with a wrong Content-Encoding and a long reply are read`()
        async
    {
        let server = RawServer { connection, _ in
            while connection.readRequest() != nil {
                let preview = String(repeating: "x", count: 3 << 20)
                connection.respond(
                    200, fields: ["Content-Encoding: gzip"],
                    #"{"id":"t","preview":"\#(preview)","status":"processing"}"#)
            }
        }
        defer { server.stop() }
        #expect(await client(server.origin).poll(ProviderTaskID("t")) == .report(ProviderReport(.processing)))
        #expect(server.requests.map(\.method) == ["GET", "GET"])
    }

    @Test func `the key is sent to no other host`() async {
        let elsewhere = RawServer { connection, _ in connection.readRequest() }
        let server = RawServer { [origin = elsewhere.origin] connection, _ in
            connection.readRequest()
            connection.respond(302, fields: ["Location: \(origin)/v1/tasks/t"])
        }
        defer {
            server.stop()
            elsewhere.stop()
        }
        let client = client(server.origin)
        #expect(isUnknown(await create(client)))
        let message =
            "HTTP 302: an empty body; Location: \(elsewhere.origin)/v1/tasks/t"
            + " (does base_url name another host or scheme?)"
        #expect(await client.poll(ProviderTaskID("t")) == .unavailable(message: message, retryAfter: nil))
        #expect(elsewhere.connections == 0)
    }
}
