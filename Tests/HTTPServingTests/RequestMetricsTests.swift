import HTTPServing
import HTTPWire
import Metrics
import Synchronization
import TestSupport
import Testing

/// Every request is counted once, by route, method and status.
@Suite struct RequestMetricsTests {
    private let counters = RequestCounters()

    private func server(gate: AsyncStream<Void>? = nil) async throws -> HTTPServer {
        counters.name(["/now", "/five"])
        let handler = NumberedHandler(next: ExampleHandler(gate: gate))
        let clock = Clock()
        return try await HTTPServer.start(RequestMetrics(counters, now: { clock.next() }, before: handler))
    }

    /// The counts by `route method status`.
    private var counts: [String: Int64] {
        let family = counters.families.first { $0.name == "reelgate_http_requests_total" }
        return Dictionary(
            uniqueKeysWithValues: (family?.samples ?? []).map { sample in
                guard case .integer(let count) = sample.value else { preconditionFailure("a count") }
                return (sample.labels.map(\.value).joined(separator: " "), count)
            })
    }

    private var inFlight: MetricSample.Value? {
        counters.families.first { $0.name == "reelgate_http_requests_in_flight" }?.samples.first?.value
    }

    @Test func `requests are counted by route, method and status, repeated heads too`() async throws {
        let server = try await server()
        try await server.with { client in
            client.send(String(repeating: "GET /now HTTP/1.1\r\nHost: h\r\n\r\n", count: 5))
            for _ in 0..<5 { _ = client.reply() }
            client.send("HEAD /now HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = client.reply(toHEAD: true)
            client.send("BREW /now HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = client.reply()
            client.send("POST /five HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc")
            _ = client.reply()
            client.send("GET /hop HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = client.reply()
            client.send("POST /five HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n")
            _ = client.reply()
        }
        await server.drain(within: .zero)
        #expect(
            counts == [
                "/now GET 200": 5, "/now HEAD 200": 1, "/now other 200": 1, "/five POST 200": 1,
                "none GET 200": 1, "/five POST 413": 1,
            ])
        #expect(inFlight == .integer(0))
    }

    @Test func `a request without a valid head is counted without route and method`() async throws {
        let server = try await server()
        _ = try await server.with { client in
            client.send("GET no-slash HTTP/1.1\r\nHost: h\r\n\r\n")
            return client.reply()
        }
        #expect(counts == ["none none 400": 1])
    }

    @Test func `a request under way is in flight, and is counted without status if its client leaves`()
        async throws
    {
        let (gate, opening) = AsyncStream<Void>.makeStream()
        let (events, reached) = AsyncStream<String>.makeStream()
        counters.name(["/gate"])
        let handler = NumberedHandler(next: ExampleHandler(events: reached, gate: gate))
        let clock = Clock()
        let server = try await HTTPServer.start(
            RequestMetrics(counters, now: { clock.next() }, before: handler))
        var client: TestClient? = try TestClient(server)
        var steps = events.makeAsyncIterator()
        client?.send("GET /gate HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(await steps.next() == "asked")
        #expect(inFlight == .integer(1))
        client?.reset()
        client = nil
        #expect(await steps.next() == "cancelled")
        opening.finish()
        await server.drain(within: .zero)
        #expect(counts == ["/gate GET none": 1])
        #expect(inFlight == .integer(0))
    }

    @Test func `a combination beyond the table is counted as other`() async throws {
        let server = try await HTTPServer.start(
            RequestMetrics(counters, now: { 0 }, before: StatusHandler()))
        try await server.with { client in
            for status in 200..<240 {
                client.send("GET /\(status) HTTP/1.1\r\nHost: h\r\n\r\n")
                _ = client.reply()
            }
        }
        #expect(counts.count == 24)
        #expect(counts["none other other"] == 17)
        #expect(counts.values.reduce(0, +) == 40)
    }

    @Test func `the time of a request is measured`() async throws {
        let server = try await server()
        _ = try await server.with { client in
            client.send("GET /now HTTP/1.1\r\nHost: h\r\n\r\n")
            return client.reply()
        }
        let family = counters.families.first { $0.name == "reelgate_http_request_duration_seconds" }
        guard case .histogram(let histogram)? = family?.samples.first?.value else {
            Issue.record("no histogram")
            return
        }
        #expect(family?.samples.first?.labels == [MetricLabel("route", "/now")])
        #expect(histogram.count == 1)
        #expect(histogram.sum == 1)
    }
}

/// A clock that is a second later at each look.
private final class Clock: Sendable {
    private let seconds = Atomic<UInt64>(0)

    func next() -> UInt64 { seconds.wrappingAdd(1, ordering: .relaxed).newValue * 1_000_000_000 }
}

/// Numbers the first path of the test as 1 and the second as 2.
private struct NumberedHandler: HTTPHandler {
    let next: ExampleHandler

    func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        var disposition = next.handle(head, context)
        disposition.routeNumber = ["/now": 1, "/gate": 1, "/five": 2][head.path] ?? 0
        return disposition
    }
}

/// Responds with the status that the path names.
private struct StatusHandler: HTTPHandler {
    func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        .respond(HTTPResponse(status: Int(head.path.dropFirst()) ?? 500))
    }
}
