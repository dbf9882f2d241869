import Foundation
import HTTPFetching
import TestSupport
import Testing

/// Completed requests, and their form on the wire.
@Suite struct FetchTests {
    @Test func `a response has its status, its fields in order and its body`() async throws {
        let server = RawServer { connection, _ in
            connection.readRequest()
            connection.respond(203, fields: ["X-One: 1", "x-one:  2 ", "Empty:"], "hello")
        }
        defer { server.stop() }
        let response = try #require(await makeFetcher().fetch(.get(server)).response)
        #expect(response.status == 203)
        #expect(response.text == "hello")
        #expect(response.fields.map(\.name) == ["Content-Length", "X-One", "x-one", "Empty"])
        #expect(response.fields.map(\.value) == ["5", "1", "2", ""])
        #expect(response["X-ONE"] == "1")
        #expect(response["missing"] == nil)
    }

    @Test func `the request on the wire has no fields that libcurl adds by itself`() async throws {
        let server = RawServer { connection, _ in
            while connection.readRequest() != nil { connection.respond(200) }
        }
        defer { server.stop() }
        var request = FetchRequest.paid(server)
        request.fields = [(name: "Authorization", value: "Bearer key"), (name: "X-Empty", value: "")]
        _ = await makeFetcher().fetch(request)
        let seen = try #require(server.requests.first)
        #expect(seen.lines.first == "POST /v1/videos/generations HTTP/1.1")
        #expect(seen.body == Array(#"{"prompt":"a walk"}"#.utf8))
        let names = Set(seen.lines.dropFirst().map { $0.prefix { $0 != ":" }.lowercased() })
        #expect(
            names == [
                "host", "user-agent", "accept", "accept-encoding", "authorization", "x-empty",
                "content-length",
            ])
        #expect(seen.lines.contains("User-Agent: reelgate/test"))
    }

    @Test(.onTheLoop) func `bodies of any kind arrive completely`() async {
        let server = RawServer { connection, _ in
            while connection.readRequest() != nil { connection.respond(200) }
        }
        defer { server.stop() }
        let large = [UInt8]((0..<300_000).map { UInt8(truncatingIfNeeded: $0) })
        let bodies: [(String, FetchRequest.Body, [UInt8])] = [
            ("POST", .once(large), large), ("POST", .repeatable(large), large), ("POST", .none, []),
            ("POST", .once([]), []), ("PUT", .repeatable([1]), [1]), ("POST", .repeatable([]), []),
            ("DELETE", .none, []), ("GET", .none, []),
        ]
        let fetcher = makeFetcher()
        for (method, body, _) in bodies {
            let outcome = await fetcher.fetch(FetchRequest(method, server.origin + "/", body: body))
            #expect(outcome.response?.status == 200)
        }
        #expect(server.requests.map(\.method) == bodies.map(\.0))
        #expect(server.requests.map(\.body) == bodies.map(\.2))
        #expect(server.connections == 1)
    }

    @Test func `an interim response is skipped`() async throws {
        let server = RawServer { connection, _ in
            connection.readRequest()
            connection.write("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n")
            connection.write("Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nTrailer: t\r\n\r\n")
        }
        defer { server.stop() }
        let response = try #require(await makeFetcher().fetch(.get(server)).response)
        #expect(response.status == 200)
        #expect(response.fields.map(\.name) == ["A", "Transfer-Encoding"])
        #expect(response.text == "hi")
    }

    @Test func `a redirect is not followed`() async throws {
        let elsewhere = RawServer { connection, _ in connection.readRequest() }
        let location = "Location: \(elsewhere.origin)/"
        let server = RawServer { connection, _ in
            connection.readRequest()
            connection.respond(302, fields: [location])
        }
        defer {
            server.stop()
            elsewhere.stop()
        }
        #expect(await makeFetcher().fetch(.paid(server)).response?.status == 302)
        #expect(elsewhere.connections == 0)
    }

    @Test func `a request can go to a unix-domain socket`() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "rg-\(UUID().uuidString)").path
        let server = RawServer(path: path) { connection, _ in
            connection.readRequest()
            connection.respond(200, "here")
        }
        defer {
            server.stop()
            _ = unsafe unlink(path)
        }
        var request = FetchRequest("GET", "http://localhost/")
        request.unixSocket = path
        #expect(await makeFetcher().fetch(request).response?.text == "here")
    }

    @Test func `many requests share few connections`() async {
        let server = RawServer { connection, _ in
            while connection.readRequest() != nil { connection.respond(200) }
        }
        defer { server.stop() }
        let fetcher = HTTPFetcher(loop: testLoop, userAgent: "reelgate/test", connectionsMax: 3)
        let statuses = await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<60 { group.addTask { await fetcher.fetch(.get(server)).response?.status } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses == Array(repeating: 200, count: 60))
        #expect(server.connections <= 3)
    }

    @Test func `a released fetcher leaves no connection behind`() async {
        let ended = Signal()
        let server = RawServer { connection, _ in
            connection.readRequest()
            connection.respond(200)
            connection.waitForEnd()
            ended.send()
        }
        defer { server.stop() }
        #expect(await makeFetcher().fetch(.get(server)).response?.status == 200)
        await ended.wait()
    }

    @Test(arguments: [
        FetchRequest("GE T", "http://127.0.0.1/"), FetchRequest("GET", "http://127.0.0.1/ x"),
        FetchRequest("GET", ""), FetchRequest("GET", "http://127.0.0.1/\r\nX: y"),
        FetchRequest("GET", "file:///etc/passwd"), FetchRequest("GET", "ftp://127.0.0.1/"),
        .withField("Na me", "x"), .withField("X", "a\r\nY: b"), .withField("Content-Length", "3"),
        .withField("Transfer-Encoding", "chunked"), .withField("X", "\0"),
    ])
    func `an invalid request is not sent`(_ request: FetchRequest) async throws {
        let failure = try #require(await makeFetcher().fetch(request).failure)
        #expect(failure.stage == .beforeSending)
        #expect(failure.bytesSent == 0)
        #expect(failure.isSurelyUnsent)
    }

    @Test func `printing a request shows neither fields, query nor body`() {
        var request = FetchRequest(
            "GET", "http://127.0.0.1/?signature=secret", body: .once(Array("secret".utf8)))
        request.fields = [(name: "Authorization", value: "Bearer secret")]
        var dumped = ""
        dump(request, to: &dumped)
        #expect(!"\(request) \(String(reflecting: request)) \(dumped)".contains("secret"))
    }
}

extension FetchRequest {
    fileprivate static func withField(_ name: String, _ value: String) -> FetchRequest {
        var request = FetchRequest("GET", "http://127.0.0.1/")
        request.fields = [(name: name, value: value)]
        return request
    }
}
