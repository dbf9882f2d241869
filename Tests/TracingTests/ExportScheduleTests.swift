import Testing

@testable import Tracing

/// When batches are sent and repeated, and what the log gets to know.
@Suite struct ExportScheduleTests {
    private func failure(_ delay: Duration? = nil) -> ExportSchedule.Outcome {
        .failed(reason: "away", retryAfter: delay)
    }

    @Test func `a first span waits for others, a full batch does not`() {
        let schedule = ExportSchedule()
        #expect(schedule.time(forBatchSince: .seconds(5)) == .seconds(6))
        #expect(schedule.time(forBatchSince: nil) <= .zero)
    }

    @Test func `a batch is repeated with growing pauses, then dropped`() {
        var schedule = ExportSchedule()
        var now: Duration = .seconds(100)
        var pauses: [Duration] = []
        var decisions: [ExportSchedule.Decision] = []
        for _ in 0..<ExportSchedule.attemptsMax {
            decisions.append(schedule.record(failure(), at: now, jitter: 0.5))
            pauses.append(schedule.time(forBatchSince: nil) - now)
            now = schedule.time(forBatchSince: nil)
        }
        #expect(pauses == [1, 2, 4, 8, 16].map { .seconds($0) })
        #expect(decisions.map(\.isDropped) == [false, false, false, false, true])
        #expect(decisions.map(\.isDone) == decisions.map(\.isDropped))
        for _ in 0..<20 { _ = schedule.record(failure(), at: now, jitter: 0.5) }
        #expect(schedule.time(forBatchSince: nil) - now == .seconds(30))
    }

    @Test func `an outage is reported once, and its end once`() {
        var schedule = ExportSchedule()
        let outcomes: [ExportSchedule.Outcome] = [
            .accepted, failure(), failure(), .refused(reason: "HTTP 400"), .accepted, .accepted, failure(),
        ]
        let reports = outcomes.map { schedule.record($0, at: .zero, jitter: 0).report }
        #expect(
            reports == [
                nil, .unavailable(reason: "away"), nil, nil, .available, nil, .unavailable(reason: "away"),
            ])
    }

    @Test func `a refused batch is not repeated, and the next one waits`() {
        var schedule = ExportSchedule()
        let decision = schedule.record(.refused(reason: "HTTP 404"), at: .zero, jitter: 0)
        #expect(decision.isDone && decision.isDropped)
        #expect(schedule.time(forBatchSince: nil) > .zero)
    }

    @Test func `the collector's delay counts if it is longer, up to a bound`() {
        var schedule = ExportSchedule()
        _ = schedule.record(failure(.seconds(40)), at: .zero, jitter: 0)
        #expect(schedule.time(forBatchSince: nil) == .seconds(40))
        _ = schedule.record(failure(.zero), at: .zero, jitter: 0.5)
        #expect(schedule.time(forBatchSince: nil) == .seconds(2))
        _ = schedule.record(failure(.seconds(86_400)), at: .zero, jitter: 0)
        #expect(schedule.time(forBatchSince: nil) == .seconds(300))
    }

    @Test func `the buffer drops new spans at its limit and counts them`() {
        let tracer = Tracer(now: { 0 }, random: { 5 })
        let context = TraceContext(traceID: TraceID { 1 }, spanID: SpanID { 1 })
        for number in 0..<SpanBuffer.spansMax + 7 {
            tracer.record(Span("\(number)", .internal, context: context, parent: nil, start: 0, end: 0))
        }
        #expect(tracer.waiting == SpanBuffer.spansMax)
        let batch = tracer.takeBatch()
        #expect(batch.count == ExportSchedule.batchMax && batch.first?.name == "0")
        tracer.drop(batch)
        #expect(tracer.takeDropped() == 7 + batch.count)
        #expect(tracer.takeDropped() == 0)
    }

    @Test func `spans of a trace that is not sampled are not kept`() {
        let tracer = Tracer(now: { 0 }, random: { 5 })
        var context = TraceContext(traceID: TraceID { 1 }, spanID: SpanID { 1 })
        context.isSampled = false
        tracer.record(Span("a", .internal, context: context, parent: nil, start: 0, end: 0))
        #expect(tracer.waiting == 0)
        #expect(tracer.beginRequest(from: context, isSampled: true) == nil)
        #expect(tracer.beginRequest(from: nil, isSampled: false) == nil)
    }
}
