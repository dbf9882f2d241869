import JSONText
import TestSupport
import Testing
import Tracing

@testable import TraceExport

/// The export to collectors that work, refuse, and hang.
@Suite(.timeLimit(.minutes(1))) struct TraceExporterTests {
    /// A collector that responds to each batch in turn, and with the last response to all further ones.
    private func collector(_ responses: (status: Int, fields: [String], body: String)...) -> RawServer {
        RawServer { connection, number in
            guard connection.readRequest() != nil else { return }
            let response = responses[min(number, responses.count - 1)]
            connection.respond(
                response.status, fields: response.fields + ["Connection: close"], response.body)
        }
    }

    private func names(_ request: RawRequest) throws -> [String] {
        let scope = try JSONValue(parsing: request.body)["resourceSpans"]?.array?.first?["scopeSpans"]
        return scope?.array?.first?["spans"]?.array?.compactMap { $0["name"]?.string } ?? []
    }

    @Test func `what was recorded is sent before the exporter stops`() async throws {
        let collector = collector((200, [], "{}"))
        defer { collector.stop() }
        let harness = ExporterHarness(collector.origin)
        harness.record(3)
        await harness.exporter.stop(within: ExporterHarness.unbounded)
        #expect(try collector.requests.flatMap { try names($0) } == ["span 0", "span 1", "span 2"])
        let request = try #require(collector.requests.first)
        #expect(request.method == "POST" && request.target == "/v1/traces")
        #expect(request.lines.contains("Content-Type: application/json"))
        #expect(harness.reported == [])
    }

    @Test func `batches are bounded`() async throws {
        let collector = collector((200, [], ""))
        defer { collector.stop() }
        let harness = ExporterHarness(collector.origin)
        harness.record(1100)
        await harness.exporter.stop(within: ExporterHarness.unbounded)
        let counts = try collector.requests.map { try names($0).count }
        #expect(counts.reduce(0, +) == 1100 && counts.allSatisfy { $0 <= 512 })
    }

    @Test func `a batch is sent again until it is taken, and that is reported once`() async throws {
        let collector = collector(
            (503, ["Retry-After: 20"], ""), (429, ["Retry-After: Mon, 30 Nov 2026 08:00:00 GMT"], ""),
            (200, [], "{}"))
        defer { collector.stop() }
        let harness = ExporterHarness(collector.origin)
        harness.record()
        var events = harness.events.makeAsyncIterator()
        #expect(await events.next() == .unavailable(reason: "HTTP 503"))
        #expect(await events.next() == .available(dropped: 0))
        #expect(collector.requests.count == 3)
        #expect(Set(collector.requests.map(\.body)).count == 1)
        await harness.exporter.stop(within: ExporterHarness.unbounded)
        #expect(harness.reported.count == 2)
    }

    @Test func `what the collector refuses for good is not sent again`() async throws {
        let collector = collector((400, [], "bad"), (200, [], "{}"))
        defer { collector.stop() }
        let harness = ExporterHarness(collector.origin)
        harness.record(2)
        var events = harness.events.makeAsyncIterator()
        #expect(await events.next() == .unavailable(reason: "HTTP 400"))
        harness.record()
        #expect(await events.next() == .available(dropped: 2))
        #expect(collector.requests.count == 2)
        await harness.exporter.stop(within: ExporterHarness.unbounded)
    }

    @Test func `a collector that is away costs spans and one report`() async {
        let harness = ExporterHarness("http://127.0.0.1:\(RawServer.closedPort())")
        harness.record(5000)
        var events = harness.events.makeAsyncIterator()
        guard case .unavailable = await events.next() else {
            Issue.record("no report")
            return
        }
        harness.record(5000)
        #expect(harness.tracer.waiting <= 2048)
        await harness.exporter.stop(within: ExporterHarness.unbounded)
        #expect(harness.reported.count == 1)
    }

    @Test func `a collector that never responds does not delay the end beyond its bound`() async {
        let (requests, continuation) = AsyncStream.makeStream(of: Void.self)
        let collector = RawServer { connection, _ in
            guard connection.readRequest() != nil else { return }
            continuation.yield()
            // Until the client gives up.
            _ = connection.readRequest()
        }
        defer { collector.stop() }
        let harness = ExporterHarness(collector.origin)
        harness.record()
        for await _ in requests { break }
        await harness.exporter.stop(within: .seconds(3))
        #expect(collector.requests.count == 1)
    }

    @Test func `a partial success is reported once`() async throws {
        let partial = #"{"partialSuccess":{"rejectedSpans":"1","errorMessage":"too old"}}"#
        let collector = collector((200, [], partial))
        defer { collector.stop() }
        let harness = ExporterHarness(collector.origin)
        harness.record()
        var events = harness.events.makeAsyncIterator()
        #expect(await events.next() == .partial(rejected: 1, message: "too old"))
        harness.record()
        await harness.exporter.stop(within: ExporterHarness.unbounded)
        #expect(collector.requests.count == 2 && harness.reported.count == 1)
    }

    @Test(arguments: [
        ("http://h:4318", "http://h:4318/v1/traces"), ("https://h/otlp", "https://h/otlp/v1/traces"),
        ("http://h/v1/traces", "http://h/v1/traces"),
    ])
    func `the path of the collector's URL is kept`(_ base: String, _ expected: String) {
        #expect(CollectorURL.traces(at: base) == expected)
    }
}
