import Dispatch
import Synchronization
import TestSupport
import Testing
import Transport

@testable import HTTPFetching

/// Downloads: order, back-pressure and cancellation.
@Suite struct DownloadTests {
    private struct RefusalError: Error {}

    /// 6 MiB without two equal blocks.
    private static let video = (0..<96).flatMap { [UInt8](repeating: UInt8($0), count: 64 << 10) }

    private static func server(_ status: Int = 200) -> RawServer {
        RawServer { connection, _ in
            while connection.readRequest() != nil {
                connection.write("HTTP/1.1 \(status) Words\r\nContent-Length: \(video.count)\r\n\r\n")
                connection.write(video)
            }
        }
    }

    private static func request(_ server: RawServer) -> FetchRequest {
        var request = FetchRequest.get(server)
        request.responseLimit = 1 << 30
        return request
    }

    @Test func `pieces arrive in order, complete, off the loop`() async throws {
        let server = Self.server()
        defer { server.stop() }
        let received = Mutex<[UInt8]>([])
        let outcome = await makeFetcher().download(Self.request(server)) { piece in
            precondition(!testLoop.isCurrent)
            received.withLock { $0 += piece }
        }
        #expect(outcome.response?.status == 200)
        #expect(outcome.response?.body.isEmpty == true)
        #expect(received.withLock { $0 == Self.video })
    }

    @Test func `a paused download joins its pieces, resumes and completes`() async throws {
        let server = Self.server()
        defer { server.stop() }
        let other = RawServer { connection, _ in
            while connection.readRequest() != nil { connection.respond(200) }
        }
        defer { other.stop() }
        let fetcher = makeFetcher()
        let (begun, mayGoOn) = (Signal(), DispatchSemaphore(value: 0))
        let received = Mutex<[UInt8]>([])
        let largest = Mutex(0)
        async let outcome = fetcher.download(Self.request(server)) { piece in
            begun.send()
            // A latch: once open, it stays open.
            mayGoOn.wait()
            mayGoOn.signal()
            received.withLock { $0 += piece }
            largest.withLock { $0 = max($0, piece.count) }
        }
        await begun.wait()
        // Each takes a few turns of the loop, in which libcurl reads until it has to pause.
        for _ in 0..<200 { #expect(await fetcher.fetch(.get(other)).response?.status == 200) }
        mayGoOn.signal()
        #expect(await outcome.response?.status == 200)
        #expect(received.withLock { $0 == Self.video })
        #expect((128 << 10...256 << 10).contains(largest.withLock { $0 }))
    }

    @Test func `a sink runs off the loop even if its caller prefers the loop`() async throws {
        let server = Self.server()
        defer { server.stop() }
        let fetcher = makeFetcher()
        let received = Mutex(0)
        let outcome = await withTaskExecutorPreference(testLoop.taskExecutor) {
            await fetcher.download(Self.request(server)) { piece in
                precondition(!testLoop.isCurrent)
                received.withLock { $0 += piece.count }
            }
        }
        #expect(outcome.response?.status == 200)
        #expect(received.withLock { $0 } == Self.video.count)
    }

    @Test(arguments: [1, 2, 20])
    func `a sink that throws ends the transfer`(atPiece number: Int) async throws {
        let server = Self.server()
        defer { server.stop() }
        let calls = Mutex(0)
        let outcome = await makeFetcher().download(Self.request(server)) { _ in
            let call = calls.withLock { calls in
                calls += 1
                return calls
            }
            if call == number { throw RefusalError() }
        }
        #expect(outcome.failure?.stage == .stoppedBySink)
        #expect(calls.withLock { $0 } == number)
    }

    @Test func `a sink that rejects the last piece fails the download`() async throws {
        let server = RawServer { connection, _ in
            connection.readRequest()
            connection.respond(200, "short")
        }
        defer { server.stop() }
        let outcome = await makeFetcher().download(.get(server)) { _ in throw RefusalError() }
        #expect(outcome.failure?.stage == .stoppedBySink)
    }

    @Test func `the body of an error response is not downloaded`() async throws {
        let server = Self.server(404)
        defer { server.stop() }
        let calls = Mutex(0)
        let outcome = await makeFetcher().download(Self.request(server)) { _ in calls.withLock { $0 += 1 } }
        #expect(outcome.response?.status == 404)
        #expect(outcome.response?.body.count == FetchResponse.errorBodyMax, "its beginning may explain it")
        #expect(calls.withLock { $0 } == 0)
    }

    @Test func `a download over its limit is too large`() async throws {
        let server = Self.server()
        defer { server.stop() }
        var request = Self.request(server)
        request.responseLimit = Int64(Self.video.count - 1)
        #expect(await makeFetcher().download(request) { _ in }.failure?.stage == .tooLarge)
    }

    @Test func `a truncated download is incomplete`() async throws {
        let server = RawServer { connection, _ in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(Self.video.count)\r\n\r\n")
            connection.write(Array(Self.video.dropLast()))
        }
        defer { server.stop() }
        let outcome = await makeFetcher().download(Self.request(server)) { _ in }
        #expect(outcome.failure?.stage == .afterSending)
        #expect(outcome.failure?.status == 200)
    }

    @Test func `a cancelled download ends even if its sink is blocked`() async throws {
        let server = Self.server()
        defer { server.stop() }
        let fetcher = makeFetcher()
        let begun = Signal()
        let mayEnd = DispatchSemaphore(value: 0)
        let task = Task {
            await fetcher.download(Self.request(server)) { _ in
                begun.send()
                // A latch: once open, it stays open.
                mayEnd.wait()
                mayEnd.signal()
            }
        }
        await begun.wait()
        task.cancel()
        mayEnd.signal()
        #expect(await task.value.failure?.stage == .cancelled)
    }

    @Test func `a download buffers one megabyte and then pauses`() {
        var watermarks = Watermarks()
        let piece = 64 << 10
        let offers = (0..<17).map { _ in watermarks.enqueue(piece) }
        #expect(offers == Array(repeating: true, count: 16) + [false])
        // It resumes once, when half of it is written.
        let takings = (0..<9).map { _ in watermarks.dequeue(piece) }
        #expect(takings == Array(repeating: false, count: 7) + [true, false])
        let next = watermarks.enqueue(piece)
        #expect(next)
        #expect(watermarks.waiting == 8 * piece)
    }
}
