import GatewayFakes
import Synchronization
import Testing
import VideoJobs

@testable import Gateway

/// A store that makes a change durable and says that it failed.
@Suite struct LostAnswerTests {
    private let claim = IdempotencyClaim(client: "open", key: "k", fingerprint: "f")

    @Test func `an intent whose answer was lost is found, and the job is sent once`() throws {
        let harness = makeHarness()
        let refused = SubmissionVerdict.notAccepted(.providerUnreachable, retryAfter: nil, message: "down")
        harness.provider.respond(with: refused)
        let id = try harness.admit().record.id
        harness.store.loseReplies(1)
        harness.pass(.seconds(10))
        #expect(harness.provider.created == [id, id])
        #expect(try harness.state(id) == .running)
        #expect(try harness.record(id).attempts == 2)
    }

    @Test func `an intent whose store reply was lost keeps its place while other jobs are sent`() throws {
        let harness = makeHarness { $0.maxInFlight = 2 }
        let busy = SubmissionVerdict.notAccepted(.rateLimited, retryAfter: .seconds(20), message: "busy")
        harness.provider.respond(with: busy, toJobsWith: "fast")
        let refused = try harness.admit(payload: Array(#"{"model":"fast"}"#.utf8)).record.id
        let standard = Array(#"{"model":"standard"}"#.utf8)
        let running = try harness.admit(payload: standard).record.id
        harness.gateway.services.submissions.queue.withLock { $0.pause() }
        let begun = try harness.admit(payload: standard).record.id
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
        #expect(harness.provider.created == [refused, running, begun])
        #expect(try harness.state(refused) == .queued)
    }

    @Test func `a verdict whose answer was lost is found, and the task is followed`() throws {
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

    @Test func `a report whose answer was lost is found, and the video is copied`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        harness.provider.report(done, done)
        harness.store.loseReplies(1)
        harness.pass(.seconds(60))
        #expect(try harness.state(id) == .completed)
    }

    @Test func `a withdrawal whose answer was lost is told when it is asked for again`() throws {
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

    @Test func `a job whose admission seemed to fail is sent when its key comes again`() throws {
        let harness = makeHarness()
        harness.store.loseReplies(1)
        #expect(throws: GatewayError.self) { try harness.admit(claim) }
        #expect(harness.provider.created.isEmpty)
        let again = try harness.admit(claim)
        #expect(again.replayed)
        // As soon as the store has been asked what it knows of the admission.
        harness.pass(.seconds(5))
        #expect(harness.provider.created == [again.record.id])
    }

    @Test func `a settlement whose answer was lost is carried out when it is made again`() throws {
        let harness = makeHarness()
        harness.provider.respond(with: .unknown(LostReply("cut")))
        let id = try harness.admit().record.id
        harness.store.loseReplies(1)
        let first = harness.run { try await $0.settle(id, as: .resubmit) }.result
        #expect(throws: GatewayError.self) { try first?.get() }
        // Even another one only finds that it is settled already.
        _ = harness.run { try await $0.settle(id, as: .dismiss) }
        #expect(harness.provider.created == [id, id])
        #expect(try harness.state(id) == .running)
    }

    @Test func `a settlement whose answer was lost is carried out once, however many repeat it`() throws {
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

    @Test func `a settlement whose answer was lost is found without anybody's asking`() throws {
        let harness = makeHarness()
        harness.provider.respond(with: .unknown(LostReply("cut")))
        let id = try harness.admit().record.id
        harness.store.loseReplies(1)
        _ = harness.run { try await $0.settle(id, as: .resubmit) }
        harness.pass(.seconds(5))
        #expect(harness.provider.created == [id, id])
    }

    @Test func `a second settlement does not free the place of a task that is about to be sent`() throws {
        let harness = makeHarness { $0.maxInFlight = 1 }
        harness.provider.respond(with: .notAccepted(.providerUnreachable, retryAfter: nil, message: "down"))
        let record = try harness.record(try harness.admit().record.id)
        let place = harness.gateway.services.submissions.queue.withLock {
            $0.dequeueNext(at: harness.clock.monotonic() + .seconds(60))
        }
        #expect(place?.id == record.id)
        harness.gateway.services.submissions.reconcile(record, .submit, after: nil)
        #expect(harness.gateway.services.submissions.queue.withLock { $0.knows(record.id) })
    }
}
