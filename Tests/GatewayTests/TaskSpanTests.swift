import GatewayFakes
import Testing
import Tracing
import VideoJobs

@testable import Gateway

/// The root span of a task.
@Suite struct TaskSpanTests {
    private static let text = "00-0af7651916cd43dd8448eb211c80319c-00000000000000aa-01"
    private let tracer = Tracer(now: { 1000 }, random: { 0xCC })

    private var done: PollOutcome { .report(ProviderReport(.completed, links: ["https://cdn/1"])) }

    private func makeHarness() -> GatewayHarness {
        GatewayHarness(observers: { [tracer] in [TaskSpans(tracer)] })
    }

    private func admit(_ harness: GatewayHarness, request: SpanID? = SpanID { 0xBB }) throws -> TaskID {
        var caller = Caller.open
        let context = try #require(TraceContext(traceparent: Self.text))
        caller.trace = TaskTrace(context: context, request: request, caller: SpanID { 0x99 })
        let job = VideoJob(model: "m", payload: [7], price: 5)
        let admitted = harness.run { [caller] in try await $0.admit(job, for: caller) }
        return try #require(admitted.result).get().record.id
    }

    @Test func `a task has one root span, at its end`() throws {
        let harness = makeHarness()
        let id = try admit(harness)
        #expect(tracer.waiting == 0)
        harness.provider.report(done)
        harness.pass(.seconds(600))
        let record = try harness.record(id)
        try #require(record.state == .completed)
        let spans = tracer.takeBatch()
        let span = try #require(spans.first)
        #expect(spans.count == 1 && span.name == "task" && span.context.traceparent == Self.text)
        #expect(span.parent == SpanID { 0x99 })
        #expect(span.links.map(\.spanID) == [SpanID { 0xBB }])
        #expect(span.start == UInt64(record.created.milliseconds) * 1_000_000 && span.end > span.start)
        #expect(span.attributes.contains(SpanAttribute("reelgate.task.id", id.text)))
        #expect(span.attributes.contains(SpanAttribute("reelgate.task.state", "completed")))
        #expect(span.attributes.contains(SpanAttribute("reelgate.task.price_microdollars", 5)))
        #expect(span.errorType == nil)
    }

    @Test func `a failed task's span has the code as its error`() throws {
        let harness = makeHarness()
        harness.provider.respond(with: .refused(FailureReason(code: "bad_value", message: "no")))
        _ = try admit(harness)
        harness.pass(.seconds(10))
        #expect(tracer.takeBatch().map(\.errorType) == ["bad_value"])
    }

    @Test func `what follows a settlement is a child of the root span`() throws {
        let harness = makeHarness()
        harness.provider.respond(with: .unknown(LostReply("cut")))
        let id = try admit(harness)
        harness.pass(.seconds(10))
        #expect(tracer.takeBatch().map(\.errorType) == ["outcome_unknown"])
        let settled = harness.run { try await $0.settle(id, as: .dismiss, for: .open) }
        _ = try #require(settled.result).get()
        let spans = tracer.takeBatch()
        #expect(spans.map(\.name) == ["task continued"])
        #expect(spans.map(\.parent) == [SpanID { 0xAA }])
        #expect(spans.map(\.context.spanID) == [SpanID { 0xCC }])
    }

    @Test func `a task without a root span of its own has none`() throws {
        let harness = makeHarness()
        let id = try admit(harness, request: nil)
        harness.provider.report(done)
        harness.pass(.seconds(600))
        #expect(try harness.state(id) == .completed && tracer.waiting == 0)
    }
}
