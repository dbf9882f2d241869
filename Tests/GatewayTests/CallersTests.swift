import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

@Suite struct CallersTests {
    @Test func `a job that was not sent can be withdrawn, and is never sent`() throws {
        let world = makeWorld { $0.maxInFlight = 1 }
        let sent = try world.admit().record.id
        let waiting = try world.admit().record.id
        let cancelled = try world.run { try await $0.cancel(waiting) }.result?.get()
        guard case .cancelled(let view)? = cancelled else { Issue.record("not cancelled"); return }
        #expect(view.record.state == .cancelled)
        guard case .tooLate? = try world.run({ try await $0.cancel(sent) }).result?.get() else {
            Issue.record("cancelled what was sent")
            return
        }
        world.provider.report(done)
        world.pass(.seconds(600))
        #expect(world.provider.created == [sent])
    }

    @Test func `the same key with the same job joins its task, with another job it is refused`() throws {
        let world = makeWorld()
        let claim = IdempotencyClaim(client: "open", key: "k", fingerprint: "f1")
        let first = try world.admit(claim)
        let again = try world.admit(claim)
        #expect(again.replayed)
        #expect(again.record.id == first.record.id)
        #expect(again.record.state == .running)
        let other = IdempotencyClaim(client: "open", key: "k", fingerprint: "f2")
        #expect(throws: GatewayError.idempotencyKeyReused) { try world.admit(other) }
        #expect(world.provider.created.count == 1)
    }

    @Test func `a waiter hears of the change it waits for`() throws {
        let world = makeWorld()
        let id = try world.admit().record.id
        let wait = world.run { try await $0.wait(for: id, atMost: .seconds(300)) { !$0.state.isOpen } }
        #expect(wait.result == nil)
        world.provider.report(done)
        world.pass(.seconds(10))
        #expect(try wait.result?.get()?.record.state == .completed)
    }

    @Test func `a waiter whose time is over gets the newest view`() throws {
        let world = makeWorld()
        let id = try world.admit().record.id
        let wait = world.run { try await $0.wait(for: id, atMost: .seconds(5)) { !$0.state.isOpen } }
        world.pass(.seconds(4))
        #expect(wait.result == nil)
        world.pass(.seconds(1))
        #expect(try wait.result?.get()?.record.state == .running)
    }

    @Test func `a waiter that goes away changes nothing for the job`() throws {
        let world = makeWorld()
        let id = try world.admit().record.id
        let wait = world.run { try await $0.wait(for: id, atMost: .seconds(300)) { !$0.state.isOpen } }
        wait.cancel()
        world.executor.runUntilIdle()
        #expect(wait.result != nil)
        world.provider.report(done)
        world.pass(.seconds(60))
        #expect(try world.state(id) == .completed)
    }

    @Test func `a task is found by the provider's id too, from the cache and from the store`() throws {
        let world = makeWorld { $0.endedCacheMax = 0 }
        let id = try world.admit().record.id
        #expect(world.gateway.cachedTask("theirs-\(id)")?.state == .running)
        world.provider.report(done)
        world.pass(.seconds(60))
        #expect(world.gateway.cachedTask("theirs-\(id)") == nil)
        let found = try world.run { try await $0.task("theirs-\(id)")?.record.id }.result?.get()
        #expect(found == id)
        let unknown = try world.run { try await $0.task("nobody")?.record.id }.result?.get()
        #expect(unknown == nil)
    }

    @Test func `the cache of ended tasks is bounded`() throws {
        let world = makeWorld {
            $0.endedCacheMax = 3
            $0.maxInFlight = 100
        }
        world.provider.answer(.refused(FailureReason(code: "c", message: "m")))
        let ids = try (0..<10).map { _ in
            world.provider.answer(.refused(FailureReason(code: "c", message: "m")))
            return try world.admit().record.id
        }
        #expect(ids.filter { world.gateway.cachedTask($0.text) != nil } == Array(ids.suffix(3)))
        #expect(try world.state(ids[0]) == .failed)
    }

    @Test func `content is not ready, then here, then expired`() throws {
        let world = makeWorld { $0.keep = .seconds(3600) }
        let id = try world.admit().record.id
        let content: () throws -> ContentAnswer? = {
            try world.run { try await $0.content(of: id.text, index: 0) }.result?.get()
        }
        guard case .notReady? = try content() else { Issue.record("ready too early"); return }
        world.provider.report(done)
        world.pass(.seconds(60))
        guard case .file(_, let result, _)? = try content() else { Issue.record("no file"); return }
        #expect(result.contentType == "video/mp4")
        world.pass(.seconds(2 * 3600))
        guard case .expired? = try content() else { Issue.record("not expired"); return }
        #expect(world.archive.places.isEmpty)
    }

    @Test func `the oldest videos go first when all together are too many bytes`() throws {
        let world = makeWorld {
            $0.archiveBytesMax = 2500
            $0.maxInFlight = 1
        }
        let ids = try (0..<4).map { _ in try world.admit().record.id }
        world.provider.report(done, done, done, done)
        world.pass(.seconds(1300))
        #expect(Set(world.archive.places.map(\.task)) == Set(ids.suffix(2)))
    }

    @Test func `stopping refuses new jobs, lets a submission end, and sends no further one`() throws {
        let world = makeWorld { $0.maxInFlight = 1 }
        world.provider.hold()
        let id = try world.admit().record.id
        let waiting = try world.admit().record.id
        let stop = world.run { await $0.stop(within: .seconds(30)) }
        #expect(throws: GatewayError.shuttingDown) { try world.admit() }
        #expect(stop.result == nil)
        world.provider.release()
        world.pass(.seconds(1))
        #expect(stop.result != nil)
        #expect(try world.state(id) == .running)
        #expect(try world.state(waiting) == .queued)
        #expect(world.provider.created == [id])
    }

    @Test func `stopping lets go of who waits for a change, but not of who waits for a verdict on its way`()
        throws
    {
        let world = makeWorld()
        let running = try world.admit().record.id
        world.provider.hold()
        let sending = try world.admit().record.id
        let patient = world.run {
            try await $0.wait(for: running, atMost: .seconds(300)) { !$0.state.isOpen }
        }
        let verdict = world.run {
            try await $0.wait(for: sending, atMost: .seconds(15)) { $0.state == .running }
        }
        world.gateway.beginStopping()
        world.executor.runUntilIdle()
        #expect(try patient.result?.get()?.record.state == .running)
        #expect(verdict.result == nil)
        world.provider.release()
        world.executor.runUntilIdle()
        #expect(try verdict.result?.get()?.record.state == .running)
    }

    @Test func `a job that still comes while stopping is durable, and sent after the next start`() throws {
        let world = makeWorld()
        world.gateway.beginStopping()
        let id = try world.admit().record.id
        _ = world.run { await $0.stop(within: .seconds(1)) }
        world.pass(.seconds(60))
        #expect(world.provider.created.isEmpty)
        world.restart()
        #expect(try world.state(id) == .running)
        #expect(world.provider.created == [id])
    }

    @Test func `stopping does not wait beyond its bound`() throws {
        let world = makeWorld()
        world.provider.hold()
        _ = try world.admit()
        let stop = world.run { await $0.stop(within: .seconds(30)) }
        world.pass(.seconds(31))
        #expect(stop.result != nil)
        world.provider.release()
        world.executor.runUntilIdle()
    }
}
