import GatewayFakes
import Synchronization
import Testing
import VideoJobs

@testable import Gateway

/// A store that makes a change durable but reports an error.
@Suite struct LostStoreReplyTests {
    private let claim = IdempotencyClaim(client: "open", key: "k", fingerprint: "f")

    @Test func `an unconfirmed intent is confirmed, and the job is sent once`() throws {
        let harness = makeHarness()
        let down = SubmissionVerdict.notAccepted(.providerUnreachable, retryAfter: nil, message: "down")
        harness.provider.respond(with: down)
        let id = try harness.admit().record.id
        harness.store.loseReplies(1)
        harness.pass(.seconds(10))
        #expect(harness.provider.created == [id, id])
        #expect(try harness.state(id) == .running)
        #expect(try harness.record(id).attempts == 2)
    }

    @Test func `an unconfirmed intent keeps its slot while other jobs are sent`() throws {
        let harness = makeHarness { $0.maxInFlight = 2 }
        let busy = SubmissionVerdict.notAccepted(.rateLimited, retryAfter: .seconds(20), message: "busy")
        harness.provider.respond(with: busy, toJobsWith: "fast")
        let rejected = try harness.admit(payload: Array(#"{"model":"fast"}"#.utf8)).record.id
        let standard = Array(#"{"model":"standard"}"#.utf8)
        let running = try harness.admit(payload: standard).record.id
        harness.gateway.services.submissions.queue.withLock { $0.pause() }
        let unconfirmed = try harness.admit(payload: standard).record.id
        harness.store.loseReplies(1)
        #expect(harness.gateway.services.submissions.queue.withLock { $0.resume() })
        harness.gateway.services.submissions.dispatchReady()
        harness.executor.runUntilIdle()
        #expect(harness.store.durable.last?.state == .sending)
        harness.gateway.services.submissions.queue.withLock { $0.pause() }
        harness.pass(.seconds(60))
        #expect(harness.gateway.services.submissions.queue.withLock { $0.resume() })
        harness.provider.hold()
        harness.gateway.services.submissions.dispatchReady()
        harness.executor.runUntilIdle()
        #expect(harness.provider.created == [rejected, running, unconfirmed])
        #expect(try harness.state(rejected) == .queued)
    }

    @Test func `an unconfirmed verdict is confirmed, and the task is polled`() throws {
        let harness = makeHarness()
        harness.provider.hold()
        let id = try harness.admit().record.id
        harness.store.loseReplies(1)
        harness.provider.release()
        harness.executor.runUntilIdle()
        harness.provider.report(done)
        harness.pass(.seconds(60))
        #expect(try harness.state(id) == .completed)
        #expect(harness.provider.created == [id])
    }

    @Test func `an unconfirmed report is confirmed, and the video is copied`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        harness.provider.report(done, done)
        harness.store.loseReplies(1)
        harness.pass(.seconds(60))
        #expect(try harness.state(id) == .completed)
    }

    @Test func `a repeated cancellation reports that an unconfirmed one succeeded`() throws {
        let harness = makeHarness { $0.maxInFlight = 1 }
        _ = try harness.admit()
        let id = try harness.admit().record.id
        harness.store.loseReplies(1)
        let first = harness.run { try await $0.cancel(id) }.result
        #expect(throws: GatewayError.self) { try first?.get() }
        guard case .cancelled? = try harness.run({ try await $0.cancel(id) }).result?.get() else {
            Issue.record("not cancelled")
            return
        }
    }

    @Test func `a job with an unconfirmed admission is sent when its key is repeated`() throws {
        let harness = makeHarness()
        harness.store.loseReplies(1)
        #expect(throws: GatewayError.self) { try harness.admit(claim) }
        #expect(harness.provider.created.isEmpty)
        let again = try harness.admit(claim)
        #expect(again.replayed)
        // After the admission was confirmed by a read.
        harness.pass(.seconds(5))
        #expect(harness.provider.created == [again.record.id])
    }

    @Test func `an unconfirmed settlement is completed when it is repeated`() throws {
        let harness = makeHarness()
        harness.provider.respond(with: .unknown(LostReply("cut")))
        let id = try harness.admit().record.id
        harness.store.loseReplies(1)
        let first = harness.run { try await $0.settle(id, as: .resubmit) }.result
        #expect(throws: GatewayError.self) { try first?.get() }
        // Another settlement only finds the first one.
        _ = harness.run { try await $0.settle(id, as: .dismiss) }
        #expect(harness.provider.created == [id, id])
        #expect(try harness.state(id) == .running)
    }

    @Test func `an unconfirmed settlement is completed once by concurrent repetitions`() throws {
        let harness = makeHarness()
        harness.provider.respond(with: .unknown(LostReply("cut")))
        let id = try harness.admit().record.id
        harness.store.loseReplies(1)
        _ = harness.run { try await $0.settle(id, as: .resubmit) }
        harness.provider.hold()
        let gateway = harness.gateway
        for _ in 0..<3 { harness.executor.begin { _ = try? await gateway.settle(id, as: .resubmit) } }
        harness.executor.runUntilIdle()
        harness.pass(.seconds(5))
        #expect(harness.provider.created == [id, id])
        #expect(try harness.state(id) == .sending)
    }

    @Test func `an unconfirmed settlement is completed without a repetition`() throws {
        let harness = makeHarness()
        harness.provider.respond(with: .unknown(LostReply("cut")))
        let id = try harness.admit().record.id
        harness.store.loseReplies(1)
        _ = harness.run { try await $0.settle(id, as: .resubmit) }
        harness.pass(.seconds(5))
        #expect(harness.provider.created == [id, id])
    }

    @Test func `a second settlement does not release the slot of a task that is about to be sent`() throws {
        let harness = makeHarness { $0.maxInFlight = 1 }
        harness.provider.respond(with: .notAccepted(.providerUnreachable, retryAfter: nil, message: "down"))
        let record = try harness.record(try harness.admit().record.id)
        let dequeued = harness.gateway.services.submissions.queue.withLock {
            $0.dequeueNext(at: harness.clock.monotonic() + .seconds(60))
        }
        #expect(dequeued?.id == record.id)
        harness.gateway.services.submissions.reconcile(record, .submit, after: nil)
        #expect(harness.gateway.services.submissions.queue.withLock { $0.knows(record.id) })
    }
}
