import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// What replaced credentials of the account change for waiting and running submissions.
@Suite struct ReplacedCredentialsTests {
    private let now = MonotonicTime(milliseconds: 0)
    private let rejected = SubmissionVerdict.blocked(
        .credentialsRejected, retryAfter: nil, message: "HTTP 401: who")

    private func queue(_ names: String...) -> SubmissionQueue {
        var queue = SubmissionQueue(limit: 8)
        for name in names { queue.enqueue(TaskID(name), payload: nil, traits: .plain) }
        return queue
    }

    private func dequeue(_ queue: inout SubmissionQueue, at time: MonotonicTime) throws -> QueuedTask {
        let task = queue.dequeueNext(at: time)
        return try #require(task)
    }

    @Test(arguments: [
        SubmissionQueue.Ending.blocked(.credentialsRejected), .notAccepted(.credentialsRejected, .plain),
        .notAccepted(.quotaExhausted, .plain),
    ])
    func `the pause ends with one probe at once, and the others follow its reply`(
        _ ending: SubmissionQueue.Ending
    ) throws {
        var queue = queue("a", "b", "c")
        queue.ended(try dequeue(&queue, at: now), ending, retry: .fixed(300), at: now)
        #expect(queue.dequeueNext(at: now + .seconds(1)) == nil)
        queue.replaceCredentials(at: now + .seconds(1))
        let probe = try dequeue(&queue, at: now + .seconds(1))
        #expect(probe.id.text == "a")
        #expect(queue.dequeueNext(at: now + .seconds(1)) == nil)
        queue.ended(probe, .accepted(.plain), retry: .fixed(1), at: now + .seconds(1))
        #expect(queue.blockReason(at: now + .seconds(1)) == nil)
        #expect(queue.dequeueNext(at: now + .seconds(1))?.id.text == "b")
        #expect(queue.dequeueNext(at: now + .seconds(1))?.id.text == "c")
    }

    @Test(arguments: [
        SubmissionQueue.Ending.blocked(.credentialsRejected), .notAccepted(.credentialsRejected, .plain),
    ])
    func `a rejection of the former credentials does not pause submission again`(
        _ ending: SubmissionQueue.Ending
    ) throws {
        var queue = queue("a", "b")
        let sent = try dequeue(&queue, at: now)
        queue.replaceCredentials(at: now)
        #expect(queue.ended(sent, ending, retry: .fixed(300), at: now) == .zero)
        #expect(queue.blockReason(at: now) == nil)
        #expect(queue.dequeueNext(at: now)?.id.text == "a")
        #expect(queue.dequeueNext(at: now)?.id.text == "b")
    }

    @Test func `a probe with the former credentials is followed by one with the new ones`() throws {
        var queue = queue("a", "b")
        let rejected = SubmissionQueue.Ending.blocked(.credentialsRejected)
        queue.ended(try dequeue(&queue, at: now), rejected, retry: .fixed(300), at: now)
        let probe = try dequeue(&queue, at: now + .seconds(300))
        queue.replaceCredentials(at: now + .seconds(300))
        #expect(queue.dequeueNext(at: now + .seconds(300)) == nil)
        queue.ended(probe, rejected, retry: .fixed(300), at: now + .seconds(300))
        let second = try dequeue(&queue, at: now + .seconds(300))
        #expect(queue.dequeueNext(at: now + .seconds(300)) == nil)
        queue.ended(second, rejected, retry: .fixed(300), at: now + .seconds(300))
        #expect(queue.dequeueNext(at: now + .seconds(599)) == nil)
        #expect(queue.dequeueNext(at: now + .seconds(600))?.id.text == "a")
    }

    @Test func `a pause for another reason lasts`() throws {
        var queue = queue("a")
        let unreachable = SubmissionQueue.Ending.blocked(.providerUnreachable)
        queue.ended(try dequeue(&queue, at: now), unreachable, retry: .fixed(30), at: now)
        queue.replaceCredentials(at: now)
        #expect(queue.dequeueNext(at: now + .seconds(29)) == nil)
        #expect(queue.dequeueNext(at: now + .seconds(30))?.id.text == "a")
    }

    @Test func `a job that waits for another reason keeps its wait`() throws {
        var queue = queue("a")
        let limited = SubmissionQueue.Ending.notAccepted(.rateLimited, .plain)
        queue.ended(try dequeue(&queue, at: now), limited, retry: .fixed(30), at: now)
        queue.replaceCredentials(at: now)
        #expect(queue.dequeueNext(at: now + .seconds(29)) == nil)
        #expect(queue.dequeueNext(at: now + .seconds(30))?.id.text == "a")
    }

    @Test func `the gateway sends the waiting jobs without a pause`() throws {
        let harness = makeHarness()
        harness.provider.respond(with: rejected)
        let first = try harness.admit().record.id
        let second = try harness.admit().record.id
        #expect(harness.gateway.readinessIssues().map(\.code) == ["provider_credentials_rejected"])
        let sent = harness.provider.created.count
        harness.gateway.credentialsReplaced()
        harness.pass(.zero)
        #expect(harness.provider.created.count == sent + 2)
        #expect(try harness.state(first) == .running)
        #expect(try harness.state(second) == .running)
        #expect(harness.gateway.readinessIssues().isEmpty)
    }
}
