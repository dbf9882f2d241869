import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// Cancellation, waiting, content and shutdown as clients see them.
@Suite struct ClientCallTests {
    @Test func `a job that was not sent can be cancelled and is never sent`() throws {
        let harness = makeHarness { $0.maxInFlight = 1 }
        let sent = try harness.admit().record.id
        let waiting = try harness.admit().record.id
        let cancelled = try harness.run { try await $0.cancel(waiting) }.result?.get()
        guard case .cancelled(let view)? = cancelled else { Issue.record("not cancelled"); return }
        #expect(view.record.state == .cancelled)
        guard case .tooLate? = try harness.run({ try await $0.cancel(sent) }).result?.get() else {
            Issue.record("cancelled a sent job")
            return
        }
        harness.provider.report(done)
        harness.pass(.seconds(600))
        #expect(harness.provider.created == [sent])
    }

    @Test func `the same key with the same job joins its task, with another job it is refused`() throws {
        let harness = makeHarness()
        let claim = IdempotencyClaim(client: "open", key: "k", fingerprint: "f1")
        let first = try harness.admit(claim)
        let again = try harness.admit(claim)
        #expect(again.replayed)
        #expect(again.record.id == first.record.id)
        #expect(again.record.state == .running)
        let other = IdempotencyClaim(client: "open", key: "k", fingerprint: "f2")
        #expect(throws: GatewayError.idempotencyKeyReused) { try harness.admit(other) }
        #expect(harness.provider.created.count == 1)
    }

    @Test func `a waiter receives the change it waits for`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        let wait = harness.run { try await $0.wait(for: id, atMost: .seconds(300)) { !$0.state.isOpen } }
        #expect(wait.result == nil)
        harness.provider.report(done)
        harness.pass(.seconds(10))
        #expect(try wait.result?.get()?.record.state == .completed)
    }

    @Test func `a waiter receives the newest view at its time limit`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        let wait = harness.run { try await $0.wait(for: id, atMost: .seconds(5)) { !$0.state.isOpen } }
        harness.pass(.seconds(4))
        #expect(wait.result == nil)
        harness.pass(.seconds(1))
        #expect(try wait.result?.get()?.record.state == .running)
    }

    @Test func `a cancelled waiter does not affect the job`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        let wait = harness.run { try await $0.wait(for: id, atMost: .seconds(300)) { !$0.state.isOpen } }
        wait.cancel()
        harness.executor.runUntilIdle()
        #expect(wait.result != nil)
        harness.provider.report(done)
        harness.pass(.seconds(60))
        #expect(try harness.state(id) == .completed)
    }

    @Test func `a task is found by the provider's id too, from the cache and from the store`() throws {
        let harness = makeHarness { $0.endedCacheMax = 0 }
        let id = try harness.admit().record.id
        #expect(harness.gateway.cachedTask("provider-\(id)")?.state == .running)
        harness.provider.report(done)
        harness.pass(.seconds(60))
        #expect(harness.gateway.cachedTask("provider-\(id)") == nil)
        let found = try harness.run { try await $0.task("provider-\(id)")?.record.id }.result?.get()
        #expect(found == id)
        let unknown = try harness.run { try await $0.task("unknown")?.record.id }.result?.get()
        #expect(unknown == nil)
    }

    @Test func `the cache of ended tasks is limited`() throws {
        let harness = makeHarness {
            $0.endedCacheMax = 3
            $0.maxInFlight = 100
        }
        harness.provider.respond(with: .refused(FailureReason(code: "c", message: "m")))
        let ids = try (0..<10).map { _ in
            harness.provider.respond(with: .refused(FailureReason(code: "c", message: "m")))
            return try harness.admit().record.id
        }
        #expect(ids.filter { harness.gateway.cachedTask($0.text) != nil } == Array(ids.suffix(3)))
        #expect(try harness.state(ids[0]) == .failed)
    }

    @Test func `content is not ready, then found, then expired`() throws {
        let harness = makeHarness { $0.keep = .seconds(3600) }
        let id = try harness.admit().record.id
        let content: () throws -> ContentAvailability? = {
            try harness.run { try await $0.content(of: id.text, index: 0) }.result?.get()
        }
        guard case .notReady? = try content() else { Issue.record("ready too early"); return }
        harness.provider.report(done)
        harness.pass(.seconds(60))
        guard case .found(_, let result, _)? = try content() else { Issue.record("no file"); return }
        #expect(result.contentType == "video/mp4")
        harness.pass(.seconds(2 * 3600))
        guard case .expired? = try content() else { Issue.record("not expired"); return }
        #expect(harness.archive.artifacts.isEmpty)
    }

    @Test func `the oldest videos are removed when the archive exceeds its limit`() throws {
        let harness = makeHarness {
            $0.archiveBytesMax = 2500
            $0.reserveMin = 0
            $0.maxInFlight = 1
        }
        let ids = try (0..<4).map { _ in try harness.admit().record.id }
        harness.provider.report(done, done, done, done)
        harness.pass(.seconds(1300))
        #expect(Set(harness.archive.artifacts.map(\.task)) == Set(ids.suffix(2)))
    }

    @Test func `a stopping gateway rejects new jobs, completes a submission, and sends no further one`()
        throws
    {
        let harness = makeHarness { $0.maxInFlight = 1 }
        harness.provider.hold()
        let id = try harness.admit().record.id
        let waiting = try harness.admit().record.id
        let stop = harness.run { await $0.stop(within: .seconds(30)) }
        #expect(throws: GatewayError.shuttingDown) { try harness.admit() }
        #expect(stop.result == nil)
        harness.provider.release()
        harness.pass(.seconds(1))
        #expect(stop.result != nil)
        #expect(try harness.state(id) == .running)
        #expect(try harness.state(waiting) == .queued)
        #expect(harness.provider.created == [id])
    }

    @Test func `stopping ends waits for a change, but not waits for a verdict in progress`()
        throws
    {
        let harness = makeHarness()
        let running = try harness.admit().record.id
        harness.provider.hold()
        let sending = try harness.admit().record.id
        let change = harness.run {
            try await $0.wait(for: running, atMost: .seconds(300)) { !$0.state.isOpen }
        }
        let verdict = harness.run {
            try await $0.wait(for: sending, atMost: .seconds(15)) { $0.state == .running }
        }
        harness.gateway.beginStopping()
        harness.executor.runUntilIdle()
        #expect(try change.result?.get()?.record.state == .running)
        #expect(verdict.result == nil)
        harness.provider.release()
        harness.executor.runUntilIdle()
        #expect(try verdict.result?.get()?.record.state == .running)
    }

    @Test func `a job that is admitted while stopping is durable and sent after the next start`() throws {
        let harness = makeHarness()
        harness.gateway.beginStopping()
        let id = try harness.admit().record.id
        _ = harness.run { await $0.stop(within: .seconds(1)) }
        harness.pass(.seconds(60))
        #expect(harness.provider.created.isEmpty)
        harness.restart()
        #expect(try harness.state(id) == .running)
        #expect(harness.provider.created == [id])
    }

    @Test func `stopping does not exceed its time limit`() throws {
        let harness = makeHarness()
        harness.provider.hold()
        _ = try harness.admit()
        let stop = harness.run { await $0.stop(within: .seconds(30)) }
        harness.pass(.seconds(31))
        #expect(stop.result != nil)
        harness.provider.release()
        harness.executor.runUntilIdle()
    }
}
