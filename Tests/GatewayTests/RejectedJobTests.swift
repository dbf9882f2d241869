import GatewayFakes
import Synchronization
import Testing
import VideoJobs

@testable import Gateway

/// A gateway whose provider rejects some jobs and accepts others.
@Suite struct RejectedJobTests {
    private let noChannel = SubmissionVerdict.notAccepted(
        .providerUnreachable, retryAfter: nil, message: "HTTP 503: no channel")

    private func payload(_ model: String, _ prompt: String) -> [UInt8] {
        Array(#"{"model":"\#(model)","prompt":"\#(prompt)"}"#.utf8)
    }

    private func waiting(_ harness: GatewayHarness, _ id: TaskID) throws -> QueueStatus.Waiting? {
        let view = try harness.run { try await $0.task(id.text) }.result?.get()
        return try #require(view ?? nil).queueStatus?.waiting
    }

    @Test func `a rejected job waits and shows the reason, others are sent`() throws {
        let harness = makeHarness()
        harness.provider.respond(with: noChannel, toJobsWith: "fast")
        let fast = try harness.admit(payload: payload("fast", "a")).record.id
        #expect(harness.gateway.readinessIssues().map(\.code) == ["provider_unreachable"])
        let standard = try harness.admit(payload: payload("standard", "b")).record.id
        #expect(try harness.state(standard) == .running)
        #expect(harness.gateway.readinessIssues().isEmpty)
        let shown = try #require(try waiting(harness, fast))
        #expect(shown.reason == .providerUnreachable)
        #expect(shown.message == "HTTP 503: no channel")
        #expect(try #require(shown.next) > harness.clock.now())
        harness.provider.respond(with: nil, toJobsWith: "fast")
        harness.pass(.seconds(2))
        #expect(try harness.state(fast) == .running)
        #expect(harness.gateway.services.submissions.queue.withLock { $0.patterns.isEmpty })
    }

    @Test func `hundreds of jobs of a rejected model do not delay the others, and are probed one at a time`()
        throws
    {
        let harness = makeHarness { $0.maxInFlight = 1000 }
        harness.provider.respond(with: noChannel, toJobsWith: "fast")
        var standard: [TaskID] = []
        for number in 0..<300 {
            _ = try harness.admit(payload: payload("fast", "f\(number)"))
            standard.append(try harness.admit(payload: payload("standard", "s\(number)")).record.id)
        }
        harness.pass(.seconds(1))
        for id in standard { #expect(try harness.state(id) == .running) }
        #expect(harness.provider.created.count - 300 <= 5)
        harness.pass(.seconds(600))
        #expect(harness.provider.created.count - 300 <= 25)
        #expect(harness.gateway.readinessIssues().isEmpty)
        harness.provider.respond(with: nil, toJobsWith: "fast")
        harness.pass(.seconds(125))
        #expect(Set(harness.provider.created).count == 600)
    }

    @Test(arguments: [BlockReason.quotaExhausted, .credentialsRejected, .rateLimited])
    func `a provider that rejects every job is probed rarely`(_ reason: BlockReason) throws {
        let harness = makeHarness()
        let verdict = SubmissionVerdict.notAccepted(reason, retryAfter: nil, message: "no")
        harness.provider.respond(with: verdict, toJobsWith: "model")
        for number in 0..<50 { _ = try harness.admit(payload: payload("m\(number % 3)", "p\(number)")) }
        #expect(harness.provider.created.count == 2, "two different jobs")
        #expect(harness.gateway.readinessIssues().map(\.code) == [reason.rawValue])
        harness.pass(.seconds(600))
        #expect(harness.provider.created.count <= 25)
        #expect(harness.gateway.readinessIssues().map(\.code) == [reason.rawValue])
        harness.provider.respond(with: nil, toJobsWith: "model")
        harness.pass(.seconds(301))
        #expect(harness.gateway.readinessIssues().isEmpty)
        #expect(Set(harness.provider.created).count >= 8)
    }

    @Test func `a rejected key blocks all jobs at once`() throws {
        let harness = makeHarness()
        let rejected = SubmissionVerdict.blocked(
            .credentialsRejected, retryAfter: nil, message: "HTTP 401: who")
        harness.provider.respond(with: rejected, toJobsWith: "fast")
        _ = try harness.admit(payload: payload("fast", "a"))
        let standard = try harness.admit(payload: payload("standard", "b")).record.id
        #expect(try harness.state(standard) == .queued)
        #expect(harness.provider.created.count == 1)
        #expect(harness.gateway.readinessIssues().map(\.code) == ["provider_credentials_rejected"])
        #expect(try waiting(harness, standard)?.reason == .credentialsRejected)
    }

    @Test func `after a restart a rejected job still shows the reason and delays no other`() throws {
        let harness = makeHarness { $0.maxInFlight = 2 }
        harness.provider.respond(with: noChannel, toJobsWith: "fast")
        let fast = try (0..<4).map { try harness.admit(payload: payload("fast", "f\($0)")).record.id }
        let standard = try harness.admit(payload: payload("standard", "s")).record.id
        harness.restart()
        harness.pass(.seconds(5))
        #expect(try harness.state(standard) == .running)
        for id in fast {
            #expect(try harness.state(id) == .queued)
            #expect(try waiting(harness, id)?.reason == .providerUnreachable)
        }
        #expect(try waiting(harness, fast[0])?.message == "HTTP 503: no channel")
        harness.provider.respond(with: nil, toJobsWith: "fast")
        harness.provider.report(done, done, done, done, done)
        harness.pass(.seconds(120))
        for id in fast + [standard] { #expect(try harness.state(id) == .completed) }
    }

    @Test func `a failed read of traits is retried`() throws {
        let harness = makeHarness { $0.maxInFlight = 1 }
        _ = try harness.admit(payload: payload("other", "o"))
        harness.provider.respond(with: noChannel, toJobsWith: "fast")
        let fast = try harness.admit(payload: payload("fast", "f")).record.id
        let standard = try harness.admit(payload: payload("standard", "s")).record.id
        harness.restart()
        harness.provider.report(done)
        harness.pass(.seconds(10))
        harness.store.fail(with: .unavailable("gone"))
        harness.pass(.seconds(30))
        harness.store.fail(with: nil)
        harness.pass(.seconds(60))
        #expect(try harness.state(standard) == .running)
        #expect(try harness.state(fast) == .queued)
    }

    @Test func `a withdrawn job leaves no backoff`() throws {
        let harness = makeHarness()
        harness.provider.respond(with: noChannel, toJobsWith: "fast")
        let fast = try harness.admit(payload: payload("fast", "a")).record.id
        guard case .cancelled? = try harness.run({ try await $0.cancel(fast) }).result?.get() else {
            Issue.record("not cancelled")
            return
        }
        harness.pass(.seconds(2))
        #expect(harness.gateway.readinessIssues().isEmpty)
        _ = try harness.admit(payload: payload("fast", "b"))
        #expect(harness.gateway.services.submissions.queue.withLock { $0.backoffs.count } == 1)
    }
}
