import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// Ends that nobody named properly, and what the log says of every end without a video.
@Suite struct EndingTests {
    private func unnamed(_ links: [String] = [], _ failure: FailureReason? = nil) -> PollOutcome {
        .report(ProviderReport(.unknown("dreaming"), links: links, failure: failure))
    }

    @Test func `an unknown word with a result is an end after three polls in a row`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        let result = unnamed(["https://v/1"])
        harness.provider.report(result, result, unnamed(), result, result)
        harness.pass(.seconds(60))
        #expect(try harness.record(id).state == .running)
        harness.provider.report(result, result, result)
        harness.pass(.seconds(60))
        #expect(try harness.record(id).state == .completed)
    }

    @Test func `an unknown word with an error is an end after three polls in a row`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        let failure = FailureReason(code: "unsafe", message: "not allowed")
        let refusal = unnamed([], failure)
        harness.provider.report(refusal, refusal, refusal)
        harness.pass(.seconds(60))
        let record = try harness.record(id)
        #expect(record.state == .failed && record.failure == failure)
        let line = "received=not allowed task_id=\(id) to=failed"
        #expect(harness.log.lines.contains { $0.hasPrefix("warning: a task failed") && $0.hasSuffix(line) })
    }

    @Test func `an unknown word alone is polled on`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        for _ in 0..<10 { harness.provider.report(unnamed()) }
        harness.pass(.seconds(120))
        #expect(try harness.record(id).state == .running)
    }

    @Test func `a task that never shows its video is lost with what was received`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        var report = ProviderReport(.completed)
        report.replyExcerpt = #"{"results":["ftp://v/1"]}"#
        for _ in 0..<80 { harness.provider.report(.report(report)) }
        harness.pass(.seconds(3600))
        let failure = try harness.record(id).failure
        #expect(failure?.code == "result_lost")
        #expect(failure?.message.hasSuffix(#"; received: {"results":["ftp://v/1"]}"#) == true)
        #expect(harness.log.lines.contains { $0.hasPrefix("warning: a task's result is lost") })
    }

    @Test func `a task that timed out says what was received last`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        for _ in 0..<5000 {
            harness.provider.report(.unavailable(message: "HTTP 500: down", retryAfter: nil))
        }
        harness.pass(.seconds(25 * 3600))
        #expect(try harness.record(id).failure?.message.hasSuffix("; received: HTTP 500: down") == true)
        #expect(harness.log.lines.contains { $0.hasPrefix("warning: a task timed out") })
    }

    @Test func `a refusal and a lost reply are logged once, with what was received`() throws {
        let harness = makeHarness()
        let refusal = FailureReason(code: "bad_value", message: "No such model", httpStatus: 422)
        harness.provider.respond(
            with: .refused(refusal), .unknown(LostReply("cut", bytesSent: 7, status: 500)))
        let (first, second) = (try harness.admit().record.id, try harness.admit().record.id)
        harness.pass(.seconds(60))
        #expect(try harness.record(first).state == .failed && harness.record(second).state == .uncertain)
        let warnings = harness.log.lines.filter { $0.hasPrefix("warning: ") }
        #expect(
            warnings.filter { $0.contains("\(first)") }.map { $0.contains("received=No such model") } == [
                true
            ])
        #expect(
            warnings.filter { $0.contains("\(second)") }.map {
                $0.contains("http_status=500") && $0.contains("received=cut")
            }
                == [true])
    }

    @Test func `a report's own wish for patience is obeyed`() throws {
        let harness = makeHarness()
        _ = try harness.admit()
        var report = ProviderReport(.processing)
        report.retryAfter = .seconds(1800)
        harness.provider.report(.report(report))
        harness.pass(.seconds(1700))
        let polls = harness.provider.polled.count
        #expect(polls == 1)
    }
}
