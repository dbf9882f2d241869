import HTTPFetching
import Synchronization
import TestSupport
import Testing

/// Requests without a complete response: what was sent, and how often.
@Suite struct FailureTests {
    @Test func `a refused connection is before sending`() async throws {
        let request = FetchRequest("POST", "http://127.0.0.1:\(RawServer.closedPort())/", body: .once([1]))
        let failure = try #require(await makeFetcher().fetch(request).failure)
        #expect(failure.stage == .beforeSending)
        #expect(failure.bytesSent == 0)
        #expect(failure.message.hasPrefix("Couldn't connect to server (7)"))
    }

    @Test func `an unknown host is before sending`() async throws {
        var request = FetchRequest("POST", "http://nobody.invalid/", body: .once([1]))
        request.connectTimeout = .seconds(5)
        let failure = try #require(await makeFetcher().fetch(request).failure)
        #expect(failure.stage == .beforeSending)
        #expect(!failure.message.contains("invalid"))
    }

    @Test func `a failed TLS handshake is before sending`() async throws {
        let server = RawServer { connection, _ in connection.write("HTTP/1.1 400 Plain\r\n\r\n") }
        defer { server.stop() }
        let url = "https://127.0.0.1:\(server.port)/"
        let outcome = await makeFetcher().fetch(FetchRequest("POST", url, body: .once([1])))
        #expect(outcome.failure?.stage == .beforeSending)
        #expect(outcome.failure?.bytesSent == 0)
    }

    @Test func `a hanging TLS handshake ends at the connect timeout, before sending`() async throws {
        let server = RawServer { connection, _ in connection.waitForEnd() }
        defer { server.stop() }
        var request = FetchRequest("POST", "https://127.0.0.1:\(server.port)/", body: .once([1]))
        request.connectTimeout = .milliseconds(60)
        let failure = try #require(await makeFetcher().fetch(request).failure)
        #expect(failure.stage == .beforeSending)
        #expect(failure.message == "Timeout was reached (28)")
    }

    @Test func `a request that finds no free connection in time was not sent`() async throws {
        let arrived = Signal()
        let server = RawServer { connection, _ in
            connection.readRequest()
            arrived.send()
            connection.waitForEnd()
        }
        defer { server.stop() }
        let fetcher = HTTPFetcher(loop: testLoop, userAgent: "reelgate/test", connectionsMax: 1)
        let first = Task { await fetcher.fetch(.get(server)) }
        await arrived.wait()
        var request = FetchRequest.paid(server)
        request.timeout = .milliseconds(50)
        let failure = try #require(await fetcher.fetch(request).failure)
        #expect(failure.stage == .beforeSending)
        first.cancel()
        #expect(await first.value.failure?.stage == .cancelled)
        #expect(server.posts == 0)
    }

    @Test func `a reset within the request is after sending`() async throws {
        let server = RawServer { connection, _ in
            connection.readHead()
            connection.reset()
        }
        defer { server.stop() }
        // More than the socket buffers hold, so the request is certainly incomplete.
        let body = String(repeating: "x", count: 32 << 20)
        let failure = try #require(await makeFetcher().fetch(.paid(server, body)).failure)
        #expect(failure.stage == .afterSending)
        #expect(failure.bytesSent > 0 && failure.bytesSent < 32 << 20)
        #expect(server.posts == 0)
        #expect(server.connections == 1)
    }

    @Test func `a close without a response is after sending, and all was sent`() async throws {
        let server = RawServer { connection, _ in connection.readRequest() }
        defer { server.stop() }
        let failure = try #require(await makeFetcher().fetch(.paid(server)).failure)
        #expect(failure.stage == .afterSending)
        #expect(failure.status == nil)
        let seen = try #require(server.requests.first)
        #expect(failure.bytesSent == Int64(seen.head.utf8.count + 4 + seen.body.count))
        #expect(server.posts == 1)
    }

    @Test func `a response truncated at any byte is a failure after sending, and the request was sent once`()
        async
    {
        let response = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\nX: y\r\n\r\n{\"id\":\"one\"}"
        let headLength = response.utf8.count - 12
        let fetcher = makeFetcher()
        for length in 0..<response.utf8.count {
            let server = RawServer { connection, _ in
                connection.readRequest()
                connection.write(Array(response.utf8.prefix(length)))
            }
            defer { server.stop() }
            let failure = await fetcher.fetch(.paid(server)).failure
            #expect(failure?.stage == .afterSending, "cut after \(length) bytes")
            #expect(length < headLength || failure?.status == 200)
            #expect(server.posts == 1)
        }
    }

    @Test func `a response written byte by byte is complete`() async {
        let server = RawServer { connection, _ in
            connection.readRequest()
            for byte in "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".utf8 { connection.write([byte]) }
        }
        defer { server.stop() }
        #expect(await makeFetcher().fetch(.get(server)).response?.text == "ok")
    }

    @Test func `no response within the timeout is after sending`() async throws {
        let server = RawServer { connection, _ in
            connection.readRequest()
            connection.waitForEnd()
        }
        defer { server.stop() }
        var request = FetchRequest.paid(server)
        request.timeout = .seconds(1)
        let failure = try #require(await makeFetcher().fetch(request).failure)
        #expect(failure.stage == .afterSending)
        #expect(failure.message == "Timeout was reached (28)")
        #expect(server.posts == 1)
    }

    @Test func `a stalled response ends at the stall timeout`() async throws {
        let server = RawServer { connection, _ in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
            connection.waitForEnd()
        }
        defer { server.stop() }
        var request = FetchRequest.get(server)
        request.stallTimeout = .seconds(1)
        let failure = try #require(await makeFetcher().fetch(request).failure)
        #expect(failure.stage == .afterSending)
        #expect(failure.status == 200)
    }

    @Test(arguments: ["Content-Length: 11\r\n\r\nhello world", "Connection: close\r\n\r\nhello world"])
    func `a response over the limit is too large, announced or not`(_ rest: String) async {
        let server = RawServer { connection, _ in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n" + rest)
        }
        defer { server.stop() }
        var request = FetchRequest.get(server)
        let fetcher = makeFetcher()
        request.responseLimit = 10
        #expect(await fetcher.fetch(request).failure?.stage == .tooLarge)
        request.responseLimit = 11
        #expect(await fetcher.fetch(request).response?.text == "hello world")
    }

    @Test func `a head without end is too large`() async {
        let server = RawServer { connection, _ in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n")
            while connection.write("X-More: \(String(repeating: "x", count: 1000))\r\n") {}
        }
        defer { server.stop() }
        #expect(await makeFetcher().fetch(.get(server)).failure?.stage == .tooLarge)
    }

    @Test func `a response without a head is a failure`() async {
        let server = RawServer { connection, _ in
            connection.readRequest()
            connection.write("garbage\r\n\r\n")
        }
        defer { server.stop() }
        let outcome = await makeFetcher().fetch(.paid(server))
        #expect(outcome.failure?.stage == .afterSending)
        #expect(server.posts == 1)
    }

    @Test func `a cancelled task ends its transfer`() async throws {
        let (arrived, ended) = (Signal(), Signal())
        let server = RawServer { connection, _ in
            connection.readRequest()
            arrived.send()
            connection.waitForEnd()
            ended.send()
        }
        defer { server.stop() }
        let fetcher = makeFetcher()
        let task = Task { await fetcher.fetch(.paid(server)) }
        await arrived.wait()
        task.cancel()
        let failure = try #require(await task.value.failure)
        #expect(failure.stage == .cancelled)
        #expect(failure.bytesSent > 0)
        #expect(!failure.isSurelyUnsent)
        await ended.wait()
    }

    @Test func `a task that is already cancelled sends nothing`() async throws {
        let server = RawServer { connection, _ in connection.readRequest() }
        defer { server.stop() }
        let fetcher = makeFetcher()
        let task = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return await fetcher.fetch(.paid(server))
        }
        let failure = try #require(await task.value.failure)
        #expect(failure.stage == .cancelled)
        #expect(failure.isSurelyUnsent)
        #expect(server.connections == 0)
    }
}
