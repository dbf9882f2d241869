import HTTPFetching
import Synchronization
import TestSupport
import Testing

/// What libcurl repeats by itself when a reused connection closes, and what it must not repeat.
@Suite struct RepeatTests {
    /// Answers the first request of the first connection; reads the second one and closes the connection.
    /// Answers all requests of later connections.
    private static func serverThatHangsUp() -> RawServer {
        RawServer { connection, number in
            connection.readRequest()
            connection.respond(200, #"{"id":"one"}"#)
            if number == 0 {
                connection.readRequest()
            } else {
                while connection.readRequest() != nil { connection.respond(200, #"{"id":"two"}"#) }
            }
        }
    }

    @Test(.onTheLoop) func `a repeatable body is silently sent again: three POSTs for two jobs`()
        async
    {
        let server = Self.serverThatHangsUp()
        defer { server.stop() }
        let fetcher = makeFetcher()
        var request = FetchRequest.paid(server)
        request.body = .repeatable(Array("job".utf8))
        #expect(await fetcher.fetch(request).response?.status == 200)
        #expect(await fetcher.fetch(request).response?.status == 200)
        #expect(server.posts == 3)
    }

    @Test(.onTheLoop) func `a read-once body is sent once: two POSTs for two jobs`() async throws {
        let server = Self.serverThatHangsUp()
        defer { server.stop() }
        let fetcher = makeFetcher()
        #expect(await fetcher.fetch(.paid(server)).response?.status == 200)
        let failure = try #require(await fetcher.fetch(.paid(server)).failure)
        #expect(failure.stage == .afterSending)
        #expect(failure.bytesSent > 0)
        #expect(failure.message.contains("(65)"), "CURLE_SEND_FAIL_REWIND")
        #expect(server.posts == 2)
        // The fetcher still works.
        #expect(await fetcher.fetch(.paid(server)).response?.status == 200)
        #expect(server.posts == 3)
    }

    @Test(.onTheLoop) func `an empty read-once body is not repeated either`() async throws {
        let server = Self.serverThatHangsUp()
        defer { server.stop() }
        let fetcher = makeFetcher()
        #expect(await fetcher.fetch(.paid(server, "")).response?.status == 200)
        let failure = try #require(await fetcher.fetch(.paid(server, "")).failure)
        #expect(failure.stage == .afterSending)
        #expect(server.posts == 2)
    }

    @Test(.onTheLoop) func `a failed request does not affect the next one`()
        async throws
    {
        let dying = Mutex<RawServer?>(nil)
        let server = RawServer { connection, _ in
            connection.readRequest()
            connection.respond(200)
            connection.readRequest()
            // libcurl prepares to repeat the request, and then cannot connect.
            dying.withLock { $0?.stop() }
        }
        dying.withLock { $0 = server }
        let fetcher = makeFetcher()
        #expect(await fetcher.fetch(.paid(server)).response?.status == 200)
        let failure = try #require(await fetcher.fetch(.paid(server)).failure)
        #expect(failure.message.contains("(7)"), "CURLE_COULDNT_CONNECT: \(failure)")
        let other = Self.serverThatHangsUp()
        defer { other.stop() }
        let outcome = await fetcher.fetch(.paid(other))
        #expect(outcome.response?.status == 200, "\(outcome)")
    }

    @Test(.onTheLoop) func `a connection that was closed gracefully is replaced`() async {
        let closed = Signal()
        let server = RawServer { connection, number in
            connection.readRequest()
            connection.respond(200)
            if number == 0 {
                connection.end()
                closed.send()
            }
            connection.waitForEnd()
        }
        defer { server.stop() }
        let fetcher = makeFetcher()
        #expect(await fetcher.fetch(.paid(server)).response?.status == 200)
        await closed.wait()
        #expect(await fetcher.fetch(.paid(server)).response?.status == 200)
        #expect(server.posts == 2)
    }
}
