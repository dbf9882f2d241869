import HTTPFetching
import Synchronization
import TestSupport
import Testing

/// What libcurl repeats by itself when a reused connection dies, and what it must not.
@Suite struct RepeatTests {
    /// Answers the first request of the first connection; reads the second and hangs up without a word. Every
    /// later connection answers all.
    private static func serverThatHangsUp() -> RawServer {
        RawServer { connection, number in
            connection.readRequest()
            connection.answer(200, #"{"id":"one"}"#)
            if number == 0 {
                connection.readRequest()
            } else {
                while connection.readRequest() != nil { connection.answer(200, #"{"id":"two"}"#) }
            }
        }
    }

    @Test(.onTheLoop) func `a repeatable body is silently sent a second time: three POSTs for two jobs`()
        async
    {
        let server = Self.serverThatHangsUp()
        defer { server.stop() }
        let fetcher = makeFetcher()
        var request = FetchRequest.paid(server)
        request.body = .repeatable(Array("job".utf8))
        #expect(await fetcher.fetch(request).answer?.status == 200)
        #expect(await fetcher.fetch(request).answer?.status == 200)
        #expect(server.posts == 3)
    }

    @Test(.onTheLoop) func `a body that may be read once is sent once: two POSTs for two jobs`() async throws
    {
        let server = Self.serverThatHangsUp()
        defer { server.stop() }
        let fetcher = makeFetcher()
        #expect(await fetcher.fetch(.paid(server)).answer?.status == 200)
        let failure = try #require(await fetcher.fetch(.paid(server)).failure)
        #expect(failure.stage == .afterSending)
        #expect(failure.bytesSent > 0)
        #expect(failure.message.contains("(65)"), "CURLE_SEND_FAIL_REWIND")
        #expect(server.posts == 2)
        // The fetcher is none the worse for it.
        #expect(await fetcher.fetch(.paid(server)).answer?.status == 200)
        #expect(server.posts == 3)
    }

    @Test(.onTheLoop) func `an empty body that may be sent once is not repeated either`() async throws {
        let server = Self.serverThatHangsUp()
        defer { server.stop() }
        let fetcher = makeFetcher()
        #expect(await fetcher.fetch(.paid(server, "")).answer?.status == 200)
        let failure = try #require(await fetcher.fetch(.paid(server, "")).failure)
        #expect(failure.stage == .afterSending)
        #expect(server.posts == 2)
    }

    @Test(.onTheLoop) func `a request is none the worse for one before it that lost its server for good`()
        async throws
    {
        let dying = Mutex<RawServer?>(nil)
        let server = RawServer { connection, _ in
            connection.readRequest()
            connection.answer(200)
            connection.readRequest()
            // libcurl prepares to repeat the request, and then finds nobody to repeat it to.
            dying.withLock { $0?.stop() }
        }
        dying.withLock { $0 = server }
        let fetcher = makeFetcher()
        #expect(await fetcher.fetch(.paid(server)).answer?.status == 200)
        let failure = try #require(await fetcher.fetch(.paid(server)).failure)
        #expect(failure.message.contains("(7)"), "CURLE_COULDNT_CONNECT: \(failure)")
        let other = Self.serverThatHangsUp()
        defer { other.stop() }
        let outcome = await fetcher.fetch(.paid(other))
        #expect(outcome.answer?.status == 200, "\(outcome)")
    }

    @Test(.onTheLoop) func `a connection that was closed in order is replaced without harm`() async {
        let closed = Signal()
        let server = RawServer { connection, number in
            connection.readRequest()
            connection.answer(200)
            if number == 0 {
                connection.end()
                closed.send()
            }
            connection.waitForEnd()
        }
        defer { server.stop() }
        let fetcher = makeFetcher()
        #expect(await fetcher.fetch(.paid(server)).answer?.status == 200)
        await closed.wait()
        #expect(await fetcher.fetch(.paid(server)).answer?.status == 200)
        #expect(server.posts == 2)
    }
}
