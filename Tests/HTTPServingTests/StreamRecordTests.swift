import HTTPServing
import HTTPWire
import TestSupport
import Testing
import Transport

/// The record of a streamed body: bytes, duration and completion, over both protocols.
@Suite struct StreamRecordTests {
    private let records = RecordedRequests()

    private func server(
        _ body: any BodySource, _ adjust: (inout HTTPLimits) -> Void = { _ in }
    ) async throws -> HTTPServer {
        try await HTTPServer.start(RequestLog(records.settings, before: StreamHandler(body)), adjust)
    }

    /// Requests the stream, waits for three bytes of its body, lets five seconds of the log's clock pass, and
    /// ends it. Returns the outcome in its record.
    private func outcome(
        _ version: HTTPVersion, _ server: HTTPServer, _ body: BodyChannel,
        _ end: @escaping @Sendable (OpenStream) -> Void
    ) async throws -> ExchangeOutcome {
        try await onThread {
            let stream = try OpenStream(version, server)
            body.send(Array("one".utf8))
            stream.readFirst()
            records.advance(by: .seconds(5))
            end(stream)
        }
        let record = await records.first(1)[0]
        #expect(record.duration >= .seconds(5) && record.duration < .seconds(6))
        // A server that is released closes its connections.
        withExtendedLifetime(server) {}
        return record.outcome
    }

    @Test(arguments: HTTPVersion.allCases)
    func `a stream that ends is complete`(_ version: HTTPVersion) async throws {
        let body = BodyChannel()
        let outcome = try await outcome(version, try await server(body), body) { stream in
            body.send(Array("three".utf8))
            body.finish()
            stream.readToEnd()
        }
        #expect(outcome == ExchangeOutcome(status: 200, bytes: 8, completion: .complete))
    }

    @Test(arguments: HTTPVersion.allCases, OpenStream.Departure.allCases)
    func `a stream whose client leaves is cancelled`(
        _ version: HTTPVersion, _ departure: OpenStream.Departure
    ) async throws {
        let body = BodyChannel()
        let outcome = try await outcome(version, try await server(body), body) { $0.leave(by: departure) }
        #expect(outcome == ExchangeOutcome(status: 200, bytes: 3, completion: .cancelled))
    }

    @Test(arguments: HTTPVersion.allCases)
    func `a stream whose source fails is aborted`(_ version: HTTPVersion) async throws {
        let body = BodyChannel(byteLimit: 8)
        let outcome = try await outcome(version, try await server(body), body) { stream in
            body.send(Array("too much for it".utf8))
            stream.readToEnd()
        }
        #expect(outcome == ExchangeOutcome(status: 200, bytes: 3, completion: .aborted))
    }

    @Test(arguments: HTTPVersion.allCases, [true, false])
    func `a drain completes a stream without end, and aborts another at its bound`(
        _ version: HTTPVersion, _ isEndless: Bool
    ) async throws {
        let body = BodyChannel(isEndless: isEndless)
        let server = try await server(body)
        let opened = Reported()
        async let client = outcome(version, server, body) { stream in
            opened.report()
            stream.readToEnd()
        }
        await opened.wait()
        await server.drain(within: isEndless ? .seconds(60) : .milliseconds(20))
        let outcome = try await client
        let completion: ExchangeOutcome.Completion = isEndless ? .complete : .aborted
        #expect(outcome == ExchangeOutcome(status: 200, bytes: 3, completion: completion))
    }

    @Test func `an evicted stream over HTTP/1.1 is complete: its client has received its end`() async throws {
        let body = BodyChannel()
        let server = try await server(body) { $0.connections = 1 }
        let outcome = try await outcome(.http1, server, body) { stream in
            guard let other = try? TestClient(server) else { return }
            other.send("GET /now HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = other.reply()
            stream.readToEnd()
        }
        #expect(outcome == ExchangeOutcome(status: 200, bytes: 3, completion: .complete))
    }

    @Test(arguments: HTTPVersion.allCases)
    func `content that the client's side has not taken is not counted`(_ version: HTTPVersion) async throws {
        let body = EndlessBody()
        let server = try await server(body)
        let received = try await onThread {
            let stream = try OpenStream(version, server)
            let received = stream.readSome()
            stream.leave(by: .reset)
            return received
        }
        let outcome = await records.first(1)[0].outcome
        #expect(outcome.completion == .cancelled)
        #expect(outcome.bytes >= received && outcome.bytes <= body.pulled)
        withExtendedLifetime(server) {}
    }
}
