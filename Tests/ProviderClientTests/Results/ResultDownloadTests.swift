import HTTPFetching
import Synchronization
import TestSupport
import Testing
import Transport
import VideoJobs

@testable import ProviderClient

/// Downloads over real sockets: the requests that each host receives, and their outcome.
@Suite struct ResultDownloadTests {
    private func client(_ baseURL: String) -> ProviderAccount {
        ProviderAccount(
            key: key, settings: ProviderSettings(baseURL: baseURL),
            fetcher: HTTPFetcher(loop: testLoop, userAgent: "reelgate/test"), now: { november })
    }

    /// Returns the outcome and the received bytes.
    private func download(_ client: ProviderAccount, _ link: String) async -> (FetchOutcome, String) {
        let received = Mutex<[UInt8]>([])
        let outcome = await client.download(
            FetchRequest("GET", link),
            into: DownloadSink { piece in received.withLock { $0 += piece } })
        expectNoKey(in: outcome)
        return (outcome, String(decoding: received.withLock { $0 }, as: UTF8.self))
    }

    private func server(_ response: @escaping @Sendable (RawRequest, RawConnection) -> Void) -> RawServer {
        RawServer { connection, _ in
            while let request = connection.readRequest() { response(request, connection) }
        }
    }

    private static func hasKey(_ request: RawRequest) -> Bool { request.head.contains(secret) }

    @Test func `a redirect to another origin is followed without the key`() async throws {
        let foreign = server { _, connection in connection.respond(200, "video") }
        let location = "Location: \(foreign.origin)/v x?sig=1"
        let own = server { request, connection in
            guard Self.hasKey(request) else { return connection.respond(401, "who is it?") }
            connection.respond(302, fields: [location], "moved")
        }
        defer { own.stop(); foreign.stop() }
        let (outcome, body) = await download(client(own.origin), "/v1/files/1")
        #expect(outcome.answerStatus == 200)
        #expect(body == "video")
        #expect(own.requests.map(Self.hasKey) == [false, true])
        #expect(foreign.requests.map(\.target) == ["/v%20x?sig=1"])
        #expect(!foreign.requests.contains { Self.hasKey($0) })
    }

    @Test func `another origin that refuses never receives the key`() async throws {
        let foreign = server { _, connection in connection.respond(403, "no") }
        let own = server { _, connection in connection.respond(200, "{}") }
        defer { own.stop(); foreign.stop() }
        let client = client(own.origin)
        for link in [
            "\(foreign.origin)/v", "//127.0.0.1:\(foreign.port)/v", "http://localhost:\(foreign.port)/v",
            "http://127.0.0.1:\(own.port)@127.0.0.1:\(foreign.port)/v",
        ] {
            let (outcome, _) = await download(client, link)
            #expect(outcome.answerStatus == 403, "\(link)")
        }
        // The same server with another host name is another origin.
        _ = await download(client, "http://localhost:\(own.port)/v")
        #expect(foreign.requests.count == 4)
        #expect(!(foreign.requests + own.requests).contains { Self.hasKey($0) })
    }

    @Test func `a redirect to a link-local address fails`() async throws {
        let own = server { _, connection in
            connection.respond(302, fields: ["Location: http://169.254.169.254/latest/meta-data"], "")
        }
        defer { own.stop() }
        let (outcome, _) = await download(client(own.origin), "/v")
        guard case .failed(let failure) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(failure.message == "the link leads to a link-local address")
    }

    @Test func `a private result of a public provider is not fetched`() async throws {
        let private_ = server { _, connection in connection.respond(200, "secret of this machine") }
        defer { private_.stop() }
        let (outcome, body) = await download(client("http://192.0.2.1:1"), "\(private_.origin)/v")
        #expect(outcome.answerStatus == nil && body.isEmpty)
        #expect(private_.connections == 0)
    }

    @Test func `a redirect loop ends after the fifth`() async {
        let own = server { _, connection in connection.respond(302, fields: ["Location: ?"], "") }
        defer { own.stop() }
        let (outcome, _) = await download(client(own.origin), "/v")
        #expect(outcome.answerStatus == nil)
        #expect(own.requests.count == 6)
    }

    @Test func `a body with a wrong Content-Encoding is not decoded`() async {
        let own = server { _, connection in
            connection.respond(200, fields: ["Content-Encoding: gzip"], "plain video")
        }
        defer { own.stop() }
        let (outcome, body) = await download(client(own.origin), "/v")
        #expect(outcome.answerStatus == 200 && body == "plain video")
        #expect(own.requests.count == 2)
    }

    @Test(arguments: ["", "x", String(repeating: "y", count: 40_000)])
    func `a download that reflects the key is stopped`(_ padding: String) async {
        let own = server { request, connection in
            guard Self.hasKey(request) else { return connection.respond(401, "{}") }
            // In two writes: the key may arrive in pieces.
            let text = "\(padding) Bearer \(secret) \(padding)"
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n")
            connection.write(String(text.prefix(padding.count + 15)))
            connection.write(String(text.dropFirst(padding.count + 15)))
        }
        defer { own.stop() }
        let (outcome, body) = await download(client(own.origin), "/v")
        guard case .failed(let failure) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(failure.message == "the download contains the API key")
        #expect(!body.contains(secret))
    }

    @Test(arguments: [1, 9, 20])
    func `a key that begins in the part received earlier stops the download`(_ split: Int) async {
        let own = server { _, connection in
            let rest = String(secret.dropFirst(split)) + " more"
            let fields = ["Content-Range: bytes \(split)-\(split + 99)/1000", "ETag: \"\(secret)\""]
            connection.respond(206, fields: fields, rest)
        }
        defer { own.stop() }
        let pieces = Mutex(0)
        var sink = DownloadSink { _ in pieces.withLock { $0 += 1 } }
        sink.preceding = { Array(String(secret.prefix(split)).utf8.suffix($0)) }
        // A validator that is the key is not delivered.
        sink.begin = { response in #expect(response["ETag"] == nil && response["Content-Range"] != nil) }
        let outcome = await client(own.origin).download(FetchRequest("GET", "/v"), into: sink)
        guard case .failed(let failure) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(failure.message == "the download contains the API key")
        #expect(failure.forbidsKeeping)
        #expect(pieces.withLock { $0 } == 0)
    }

    @Test func `the range of a request is sent along the redirects`() async throws {
        let foreign = server { _, connection in connection.respond(206, "rest") }
        let location = "Location: \(foreign.origin)/v"
        let own = server { _, connection in connection.respond(302, fields: [location], "moved") }
        defer { own.stop(); foreign.stop() }
        var request = FetchRequest("GET", "/v")
        request.fields = [("Range", "bytes=5-"), ("If-Range", "\"tag\"")]
        _ = await client(own.origin).download(request, into: DownloadSink { _ in })
        for received in own.requests + foreign.requests {
            #expect(received.lines.contains("Range: bytes=5-"))
            #expect(received.lines.contains("If-Range: \"tag\""))
        }
        #expect(foreign.requests.count == 1)
    }

    @Test(arguments: ["/\(secret).mp4", "/v?k=sk%2Dlive-0123456789abcdef"])
    func `a redirect that reflects the key is not followed`(_ target: String) async {
        let foreign = server { _, connection in connection.respond(200, "video") }
        let location = "Location: \(foreign.origin)\(target)"
        let own = server { _, connection in connection.respond(302, fields: [location], "") }
        defer { own.stop(); foreign.stop() }
        let (outcome, body) = await download(client(own.origin), "/v")
        guard case .failed(let failure) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(failure.message == "the result link redirects to a link that contains the API key")
        #expect(body.isEmpty && foreign.connections == 0)
    }

    @Test func `creates and polls do not follow redirects`() async {
        let foreign = server { _, connection in connection.respond(200, #"{"status":"processing"}"#) }
        let location = "Location: \(foreign.origin)/"
        let own = server { _, connection in connection.respond(307, fields: [location], "") }
        defer { own.stop(); foreign.stop() }
        _ = await client(own.origin).poll(ProviderTaskID("task-1"))
        _ = await client(own.origin).create([1], for: TaskID("task-rg-1"))
        #expect(own.requests.count == 2)
        #expect(foreign.connections == 0)
    }
}

extension FetchOutcome {
    fileprivate var answerStatus: Int? {
        if case .completed(let response) = self { response.status } else { nil }
    }
}
