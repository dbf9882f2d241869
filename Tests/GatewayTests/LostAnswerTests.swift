import GatewayFakes
import Synchronization
import Testing
import VideoJobs

@testable import Gateway

/// A store that makes a change durable and says that it failed.
@Suite struct LostAnswerTests {
    private let claim = IdempotencyClaim(client: "open", key: "k", fingerprint: "f")

    @Test func `an intent whose answer was lost is found, and the job is sent once`() throws {
        let world = makeWorld()
        let refused = SubmissionVerdict.notAccepted(.providerUnreachable, retryAfter: nil, message: "down")
        world.provider.answer(refused)
        let id = try world.admit().record.id
        world.store.loseAnswers(1)
        world.pass(.seconds(10))
        #expect(world.provider.created == [id, id])
        #expect(try world.state(id) == .running)
        #expect(try world.record(id).attempts == 2)
    }

    @Test func `an intent whose store reply was lost keeps its place while other jobs are sent`() throws {
        let world = makeWorld { $0.maxInFlight = 2 }
        let busy = SubmissionVerdict.notAccepted(.rateLimited, retryAfter: .seconds(20), message: "busy")
        world.provider.answer(busy, jobsWith: "fast")
        let refused = try world.admit(payload: Array(#"{"model":"fast"}"#.utf8)).record.id
        let standard = Array(#"{"model":"standard"}"#.utf8)
        let running = try world.admit(payload: standard).record.id
        world.gateway.services.submissions.queue.withLock { $0.pause() }
        let begun = try world.admit(payload: standard).record.id
        world.store.loseAnswers(1)
        #expect(world.gateway.services.submissions.queue.withLock { $0.resume() })
        world.gateway.services.submissions.dispatchReady()
        world.executor.runUntilIdle()
        #expect(world.store.durable.last?.state == .sending)
        world.gateway.services.submissions.queue.withLock { $0.pause() }
        world.pass(.seconds(60))
        #expect(world.gateway.services.submissions.queue.withLock { $0.resume() })
        world.provider.hold()
        world.gateway.services.submissions.dispatchReady()
        world.executor.runUntilIdle()
        #expect(world.provider.created == [refused, running, begun])
        #expect(try world.state(refused) == .queued)
    }

    @Test func `a verdict whose answer was lost is found, and the task is followed`() throws {
        let world = makeWorld()
        world.provider.hold()
        let id = try world.admit().record.id
        world.store.loseAnswers(1)
        world.provider.release()
        world.executor.runUntilIdle()
        world.provider.report(done)
        world.pass(.seconds(60))
        #expect(try world.state(id) == .completed)
        #expect(world.provider.created == [id])
    }

    @Test func `a report whose answer was lost is found, and the video is copied`() throws {
        let world = makeWorld()
        let id = try world.admit().record.id
        world.provider.report(done, done)
        world.store.loseAnswers(1)
        world.pass(.seconds(60))
        #expect(try world.state(id) == .completed)
    }

    @Test func `a withdrawal whose answer was lost is told when it is asked for again`() throws {
        let world = makeWorld { $0.maxInFlight = 1 }
        _ = try world.admit()
        let id = try world.admit().record.id
        world.store.loseAnswers(1)
        let first = world.run { try await $0.cancel(id) }.result
        #expect(throws: GatewayError.self) { try first?.get() }
        guard case .cancelled? = try world.run({ try await $0.cancel(id) }).result?.get() else {
            Issue.record("not cancelled")
            return
        }
    }

    @Test func `a job whose admission seemed to fail is sent when its key comes again`() throws {
        let world = makeWorld()
        world.store.loseAnswers(1)
        #expect(throws: GatewayError.self) { try world.admit(claim) }
        #expect(world.provider.created.isEmpty)
        let again = try world.admit(claim)
        #expect(again.replayed)
        // As soon as the store has been asked what it knows of the admission.
        world.pass(.seconds(5))
        #expect(world.provider.created == [again.record.id])
    }

    @Test func `a settlement whose answer was lost is carried out when it is made again`() throws {
        let world = makeWorld()
        world.provider.answer(.unknown(LostReply("cut")))
        let id = try world.admit().record.id
        world.store.loseAnswers(1)
        let first = world.run { try await $0.settle(id, as: .resubmit) }.result
        #expect(throws: GatewayError.self) { try first?.get() }
        // Even another one only finds that it is settled already.
        _ = world.run { try await $0.settle(id, as: .dismiss) }
        #expect(world.provider.created == [id, id])
        #expect(try world.state(id) == .running)
    }

    @Test func `a settlement whose answer was lost is carried out once, however many repeat it`() throws {
        let world = makeWorld()
        world.provider.answer(.unknown(LostReply("cut")))
        let id = try world.admit().record.id
        world.store.loseAnswers(1)
        _ = world.run { try await $0.settle(id, as: .resubmit) }
        world.provider.hold()
        let gateway = world.gateway
        for _ in 0..<3 { world.executor.begin { _ = try? await gateway.settle(id, as: .resubmit) } }
        world.executor.runUntilIdle()
        world.pass(.seconds(5))
        #expect(world.provider.created == [id, id])
        #expect(try world.state(id) == .sending)
    }

    @Test func `a settlement whose answer was lost is found without anybody's asking`() throws {
        let world = makeWorld()
        world.provider.answer(.unknown(LostReply("cut")))
        let id = try world.admit().record.id
        world.store.loseAnswers(1)
        _ = world.run { try await $0.settle(id, as: .resubmit) }
        world.pass(.seconds(5))
        #expect(world.provider.created == [id, id])
    }

    @Test func `a second settlement does not free the place of a task that is about to be sent`() throws {
        let world = makeWorld { $0.maxInFlight = 1 }
        world.provider.answer(.notAccepted(.providerUnreachable, retryAfter: nil, message: "down"))
        let record = try world.record(try world.admit().record.id)
        let place = world.gateway.services.submissions.queue.withLock {
            $0.takeNext(at: world.clock.monotonic() + .seconds(60))
        }
        #expect(place?.id == record.id)
        world.gateway.services.submissions.reconcile(record, .submit, after: nil)
        #expect(world.gateway.services.submissions.queue.withLock { $0.knows(record.id) })
    }
}
