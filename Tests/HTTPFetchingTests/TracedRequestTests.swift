import HTTPFetching
import TestSupport
import Testing
import Tracing

/// Contexts on outbound requests, and their spans.
@Suite struct TracedRequestTests {
    private static let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331"
    private let tracer = Tracer(now: { 1000 }, random: { 0xAB })

    private func server(_ status: Int = 200) -> RawServer {
        RawServer { connection, _ in
            while connection.readRequest() != nil { connection.respond(status) }
        }
    }

    /// Fetches in a trace.
    private func fetch(
        _ url: String, _ trace: FetchTrace?, flags: String = "01", tracer: Tracer?
    ) async -> FetchOutcome {
        let context = TraceContext(parents: ["\(Self.parent)-\(flags)"], states: ["a=1"])
        let fetcher = HTTPFetcher(loop: testLoop, userAgent: "reelgate/test", tracer: tracer)
        return await TraceContext.$current.withValue(context) {
            var request = FetchRequest("GET", url)
            request.trace = trace
            return await fetcher.fetch(request)
        }
    }

    private func fields(_ server: RawServer) -> [String] {
        server.requests.first?.lines.filter { $0.hasPrefix("trace") } ?? []
    }

    @Test func `a request has a span and carries its context`() async throws {
        let server = server(404)
        defer { server.stop() }
        let origin = server.origin.replacing("http://", with: "http://user:hidden@")
        _ = await fetch("\(origin)/v1/a?key=hidden", .poll, tracer: tracer)
        #expect(
            fields(server) == [
                "traceparent: 00-0af7651916cd43dd8448eb211c80319c-00000000000000ab-01", "tracestate: a=1",
            ])
        let span = try #require(tracer.takeBatch().first)
        #expect(span.name == "GET poll" && span.kind == .client && span.errorType == "404")
        #expect(span.parent.map { "\($0)" } == "b7ad6b7169203331")
        #expect(
            span.attributes == [
                SpanAttribute("http.request.method", "GET"), SpanAttribute("reelgate.operation", "poll"),
                SpanAttribute("server.address", "127.0.0.1"), SpanAttribute("server.port", server.port),
                SpanAttribute("url.full", "\(server.origin)/v1/a"),
                SpanAttribute("http.response.status_code", 404),
            ])
    }

    @Test func `the links of others show their origin only, and get no state`() async throws {
        let server = server()
        defer { server.stop() }
        _ = await fetch("\(server.origin)/hidden?b=c", .fetch, tracer: tracer)
        #expect(fields(server).map { $0.prefix(11) } == ["traceparent"])
        let span = try #require(tracer.takeBatch().first)
        #expect(span.attributes.contains(SpanAttribute("url.full", "\(server.origin)/REDACTED")))
        #expect(span.errorType == nil)
    }

    @Test(arguments: ["00", "01"])
    func `without a tracer the context is passed on as it is`(_ flags: String) async {
        let server = server()
        defer { server.stop() }
        _ = await fetch(server.origin, .create, flags: flags, tracer: nil)
        #expect(fields(server) == ["traceparent: \(Self.parent)-\(flags)", "tracestate: a=1"])
    }

    @Test func `what is not sampled is passed on as it is and has no span`() async {
        let server = server()
        defer { server.stop() }
        _ = await fetch(server.origin, .create, flags: "00", tracer: tracer)
        #expect(fields(server) == ["traceparent: \(Self.parent)-00", "tracestate: a=1"])
        #expect(tracer.waiting == 0)
    }

    @Test func `a request that names no operation takes no part`() async {
        let server = server()
        defer { server.stop() }
        _ = await fetch(server.origin, nil, tracer: tracer)
        #expect(fields(server) == [] && tracer.waiting == 0)
    }

    @Test func `a request that fails has a span with a stable word`() async throws {
        _ = await fetch("http://127.0.0.1:\(RawServer.closedPort())/", .create, tracer: tracer)
        #expect(tracer.takeBatch().map(\.errorType) == ["not_sent"])
    }
}
