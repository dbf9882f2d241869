import Foundation
import Glibc
import JSONText
import ProcessTestSupport
import TestSupport
import Testing

/// Traces as a collector receives them from the executable.
@Suite(.timeLimit(.minutes(3))) struct TracingTests {
    private static let trace = "0af7651916cd43dd8448eb211c80319c"
    private static let caller = "b7ad6b7169203331"
    private static let fields = ["-H", "traceparent: 00-\(trace)-\(caller)-01", "-H", "tracestate: a=1"]

    private func stop(_ gateway: GatewayUnderTest) async {
        gateway.program.signal(SIGTERM)
        #expect(await gateway.program.end() == 0)
    }

    private func complete(_ id: String, _ gateway: GatewayUnderTest) async throws {
        _ = try await gateway.follow(id) { $0["status"]?.string == "completed" }
    }

    /// Expects every span of a job to have a known parent. Returns the root span and that of the request.
    private func checkTree(
        of spans: [CollectedSpan], task id: String
    ) throws -> (root: CollectedSpan, request: CollectedSpan) {
        let names = Set(spans.compactMap(\.name))
        let expected: Set = [
            "POST /v1/videos/generations", "POST create", "GET poll", "GET fetch", "POST webhook", "task",
        ]
        #expect(names == expected)
        let known = Set(spans.compactMap(\.id))
        #expect(known.count == spans.count && !known.contains(Self.caller))
        #expect(spans.allSatisfy { $0.parent == Self.caller || known.contains($0.parent ?? "") })
        let root = try #require(spans.first { $0.name == "task" })
        let request = try #require(spans.first { $0.kind == 2 })
        #expect(root.parent == Self.caller && request.parent == Self.caller)
        #expect(root.links == [request.id] && request.links == [root.id])
        #expect(spans.filter { $0.kind == 3 }.allSatisfy { $0.parent == root.id })
        #expect(root["reelgate.task.id"] == id && root["reelgate.task.state"] == "completed")
        #expect(
            request["http.route"] == "/v1/videos/generations" && request["http.response.status_code"] == "200"
        )
        return (root, request)
    }

    @Test func `all work for a job is in the trace of its caller`() async throws {
        let collector = Collector()
        let received = AsyncStream.makeStream(of: Void.self)
        let receiver = RawServer { connection, _ in
            while connection.readRequest() != nil {
                connection.respond(204)
                received.continuation.yield()
            }
        }
        defer { receiver.stop() }
        let fixture = try await EndToEndFixture()
        _ = try fixture.folder.write("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD\n", to: "hook", mode: 0o600)
        let gateway = try await fixture.gateway {
            $0.webhooks = "{allow: [loopback], secret_files: [hook]}"
            $0.tracing = "{otlp: \"\(collector.server.origin)\"}"
        }
        let url = "\(receiver.origin)/hidden-path?token=hidden-token"
        let job = GatewayUnderTest.exampleJob.replacing(
            "{\"model\"", with: "{\"callback_url\":\"\(url)\",\"model\"")
        let id = try await gateway.accepted(job, Self.fields)
        try await fixture.advance("61m")
        try await complete(id, gateway)
        for await _ in received.stream { break }
        await stop(gateway)

        let spans = try collector.spans().filter { $0.trace == Self.trace }
        let (root, request) = try checkTree(of: spans, task: id)
        let hook = try #require(spans.first { $0.name == "POST webhook" }?.id)
        #expect(receiver.requests.first?.lines.contains("traceparent: 00-\(Self.trace)-\(hook)-01") == true)
        #expect(receiver.requests.first?.lines.contains("tracestate: a=1") == true)
        #expect(try collector.resource()?["service.name"] == "reelgate")
        for secret in ["hidden", EndToEndFixture.key, "Bearer", "walking"] {
            #expect(
                !collector.server.requests.contains {
                    String(decoding: $0.body, as: UTF8.self).contains(secret)
                })
        }
        let lines = gateway.program.errors.text.split(separator: "\n").filter { $0.contains(Self.trace) }
        #expect(lines.contains { $0.contains(#""event":"http.request""#) && $0.contains(request.id ?? "-") })
        #expect(lines.contains { $0.contains(#""to":"completed""#) && $0.contains(root.id ?? "-") })
    }

    @Test func `a task that outlives its process has its root span all the same`() async throws {
        let collector = Collector()
        let fixture = try await EndToEndFixture()
        let configure: (inout GatewayYAML) -> Void = { $0.tracing = "{otlp: \"\(collector.server.origin)\"}" }
        let first = try await fixture.gateway(configure)
        let id = try await first.accepted(GatewayUnderTest.exampleJob, Self.fields)
        first.program.signal(SIGKILL)
        #expect(await first.program.end() == -SIGKILL)
        try await fixture.advance("61m")
        let second = try await fixture.gateway(configure)
        try await complete(id, second)
        await stop(second)
        let spans = try collector.spans()
        let root = try #require(spans.first { $0.name == "task" })
        #expect(root.trace == Self.trace && root.parent == Self.caller && root["reelgate.task.id"] == id)
        let later = spans.filter { $0.name == "GET fetch" }
        #expect(!later.isEmpty && later.allSatisfy { $0.parent == root.id && $0.trace == Self.trace })
        #expect(spans.count { $0.name == "task" } == 1)
    }

    @Test func `while the collector is away jobs go on, and the log has one line`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway {
            $0.tracing = "{otlp: \"http://127.0.0.1:\(RawServer.closedPort())\"}"
        }
        var ids: [String] = []
        for _ in 0..<5 { ids.append(try await gateway.accepted()) }
        try await fixture.advance("61m")
        for id in ids { try await complete(id, gateway) }
        _ = try await gateway.program.line(of: \.errors, containing: "tracing.unavailable")
        for _ in 0..<50 { _ = try await Curl.get("\(gateway.url)/v1/models") }
        await stop(gateway)
        let lines = gateway.program.errors.text.split(separator: "\n")
        #expect(lines.count { $0.contains("tracing.unavailable") } == 1)
    }

    @Test func `a collector that never responds delays neither jobs nor the end`() async throws {
        let collector = RawServer { connection, _ in
            while connection.readRequest() != nil {}
        }
        defer { collector.stop() }
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway { $0.tracing = "{otlp: \"\(collector.origin)\"}" }
        let id = try await gateway.accepted()
        try await fixture.advance("61m")
        try await complete(id, gateway)
        await stop(gateway)
        #expect(!collector.requests.isEmpty)
    }

    @Test func `what the caller does not sample is not recorded, and status polls begin no trace`()
        async throws
    {
        let collector = Collector()
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway {
            $0.tracing = "{otlp: \"\(collector.server.origin)/v1/traces\"}"
        }
        let parent = "traceparent: 00-\(Self.trace)-\(Self.caller)-00"
        let id = try await gateway.accepted(GatewayUnderTest.exampleJob, ["-H", parent])
        try await fixture.advance("61m")
        try await complete(id, gateway)
        _ = try await Curl.get("\(gateway.url)/healthz")
        _ = try await gateway.task(id, ["-H", "traceparent: 00-\(Self.trace)-\(Self.caller)-01"])
        _ = try await Curl.get("\(gateway.url)/v1/tasks?limit=1")
        await stop(gateway)
        let spans = try collector.spans()
        #expect(spans.map(\.name) == ["GET /v1/tasks/{id}", "GET /v1/tasks"])
        #expect(spans.map(\.parent) == [Self.caller, nil])
    }

    /// Whether OpenTelemetry's protocol buffers are here.
    static var isInstalled: Bool {
        PythonPrograms.hasPackage("opentelemetry/proto")
    }

    @Test(.enabled(if: isInstalled, "opentelemetry-proto is missing: run 'make deps'"))
    func `OpenTelemetry's protocol buffers accept every batch`() async throws {
        let collector = Collector()
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway { $0.tracing = "{otlp: \"\(collector.server.origin)\"}" }
        let id = try await gateway.accepted(GatewayUnderTest.exampleJob, Self.fields)
        try await fixture.advance("61m")
        try await complete(id, gateway)
        _ = try await Curl.get("\(gateway.url)/nothing?a=b")
        await stop(gateway)
        let batches = collector.server.requests.map { String(decoding: $0.body, as: UTF8.self) }
        let file = try fixture.folder.write(batches.joined(separator: "\n"), to: "batches.jsonl")
        let run = try await Tools.run(
            PythonPrograms.python, [ProjectFolder.file("Tests/RealClients/otlp"), file])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.text == "\(try collector.spans().count)\n")
    }
}
