import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// A store that was restored from a backup and is behind its high-water mark.
@Suite struct RestoredStoreTests {
    private let marks = [MemoryMark(), MemoryMark()]
    private let unreachable = SubmissionVerdict.notAccepted(
        .providerUnreachable, retryAfter: nil, message: "no route")

    private func restorable() -> GatewayHarness { makeHarness(marks: marks) }

    /// Takes a backup while a job is queued, lets the job be bought, and puts the backup back.
    private func restore(in harness: GatewayHarness) throws -> TaskID {
        harness.provider.respond(with: unreachable)
        let id = try harness.admit().record.id
        try #require(try harness.state(id) == .queued)
        let backup = harness.store.backup
        harness.pass(.seconds(60))
        try #require(try harness.state(id) == .running)
        backup(harness.store)
        return id
    }

    private func reason(of harness: GatewayHarness) -> String? {
        harness.gateway.readinessIssues().first?.code
    }

    private func resume(_ harness: GatewayHarness) throws -> Bool? {
        try harness.run { try await $0.resumeSubmission(for: .open) }.result?.get()
    }

    @Test func `what a backup calls queued is uncertain, is not sent again, and all waits for a person`()
        throws
    {
        let harness = restorable()
        let id = try restore(in: harness)
        let bought = harness.provider.created.count
        harness.restart()
        #expect(try harness.state(id) == .uncertain)
        let record = try harness.record(id)
        #expect(record.evidence?.reply.message.contains("older than what was sent") == true)
        #expect(record.failure?.code == "outcome_unknown")
        #expect(reason(of: harness) == "store_restored")
        #expect(harness.log.lines.contains { $0.hasPrefix("error") && $0.contains("resume --older-store") })

        let new = try harness.admit().record.id
        harness.pass(.seconds(600))
        #expect(try harness.state(new) == .queued)
        #expect(harness.provider.created.count == bought)

        #expect(try resume(harness) == true)
        #expect(try harness.state(new) == .running)
        #expect(reason(of: harness) == nil)
        #expect(harness.provider.created.count == bought + 1)
        #expect(try resume(harness) == false)
        harness.pass(.seconds(5))
        harness.restart()
        #expect(reason(of: harness) == nil, "found once, not for ever")
    }

    @Test func `one copy of the mark is enough, and without any the store is taken for current`() throws {
        for lost in 0..<2 {
            let harness = restorable()
            _ = try restore(in: harness)
            marks[lost].clear()
            harness.restart()
            #expect(reason(of: harness) == "store_restored")
            for mark in marks { mark.clear() }
        }
        let harness = restorable()
        _ = try restore(in: harness)
        for mark in marks { mark.clear() }
        harness.restart()
        #expect(reason(of: harness) == nil)
        harness.pass(.seconds(1))
        #expect(marks.map(\.sequence) == [harness.store.sequence, harness.store.sequence])
    }

    @Test func `a store that was marked in its backup starts as older on a machine without marks`() throws {
        let harness = restorable()
        harness.provider.respond(with: unreachable)
        let id = try harness.admit().record.id
        _ = harness.executor.start { [store = harness.store] in
            try? await store.setRestoration(.detected, raisingSequenceTo: 0)
        }
        harness.executor.runUntilIdle()
        for mark in marks { mark.clear() }
        let sequence = harness.store.sequence
        for _ in 0..<2 {
            harness.restart()
            #expect(reason(of: harness) == "store_restored")
            #expect(try harness.state(id) == .uncertain)
        }
        #expect(harness.store.sequence > sequence + 1_000_000, "no former copy can look newer")
        #expect(try resume(harness) == true)
        harness.restart()
        #expect(reason(of: harness) == nil)
        #expect(try harness.state(id) == .uncertain)
    }

    @Test func `the pause lasts over restarts, and what was queued during it is not doubted`() throws {
        let harness = restorable()
        let id = try restore(in: harness)
        harness.restart()
        let new = try harness.admit().record.id
        let again = try harness.run { try await $0.settle(id, as: .resubmit) }.result?.get()
        guard case .settled? = again else { Issue.record("\(again as Any)"); return }
        harness.pass(.seconds(5))
        let sent = harness.provider.created.count
        for _ in 0..<3 {
            harness.restart()
            #expect(reason(of: harness) == "store_restored")
            #expect(try harness.state(new) == .queued)
            #expect(try harness.state(id) == .queued)
        }
        #expect(harness.provider.created.count == sent)
        #expect(try resume(harness) == true)
        #expect(try harness.state(new) == .running)
        #expect(try harness.state(id) == .running)
    }

    @Test(arguments: 0..<4)
    func `a crash before all tasks are uncertain leaves the pause, and the rest follows`(_ saved: Int) throws
    {
        let harness = makeHarness(marks: marks) { $0.maxInFlight = 1 }
        for _ in 0..<3 { harness.provider.respond(with: unreachable) }
        let ids = try (0..<4).map { _ in try harness.admit().record.id }
        let backup = harness.store.backup
        harness.pass(.seconds(600))
        backup(harness.store)
        let sent = harness.provider.created.count
        harness.store.allowSaves(saved)
        harness.restart()
        harness.store.allowSaves(nil)
        for mark in marks { mark.clear() }
        // The marks say nothing any more: what was found is durable in the store itself.
        harness.restart()
        for id in ids { #expect(try harness.state(id) == .uncertain) }
        #expect(reason(of: harness) == "store_restored")
        harness.pass(.seconds(600))
        #expect(harness.provider.created.count == sent)
    }

    @Test func `after a restoration every earlier copy is still found`() throws {
        let harness = restorable()
        _ = try harness.admit()
        let older = harness.store.backup
        harness.pass(.seconds(60))
        _ = try harness.admit()
        let newer = harness.store.backup
        // Committed and not in the mark yet: the newest copy may be ahead of it.
        older(harness.store)
        harness.restart()
        #expect(reason(of: harness) == "store_restored")
        #expect(try resume(harness) == true)
        harness.pass(.seconds(5))
        for copy in [newer, older] {
            copy(harness.store)
            harness.restart()
            #expect(reason(of: harness) == "store_restored")
            #expect(try resume(harness) == true)
            harness.pass(.seconds(5))
        }
    }

    @Test func `a running task of a backup is polled, and an interrupted one is uncertain`() throws {
        let harness = restorable()
        let running = try harness.admit().record.id
        harness.provider.hold()
        let sending = try harness.admit().record.id
        try #require(try harness.state(sending) == .sending)
        let backup = harness.store.backup
        harness.pass(.seconds(5))
        harness.provider.release()
        harness.pass(.seconds(5))
        backup(harness.store)
        harness.restart()
        #expect(try harness.state(sending) == .uncertain)
        #expect(try harness.record(sending).evidence?.reply.message.contains("older than") == true)
        harness.provider.report(done)
        harness.pass(.seconds(60))
        #expect(try harness.state(running) == .completed)
    }

    @Test func `a mark that appears late pauses what is not sent yet`() throws {
        let harness = restorable()
        let id = try restore(in: harness)
        for mark in marks { mark.setUnavailable(true) }
        for _ in 0..<9 { harness.provider.respond(with: unreachable) }
        harness.restart()
        let sent = harness.provider.created.count
        #expect(reason(of: harness) != "store_restored")
        marks[1].setUnavailable(false)
        harness.pass(.seconds(30))
        #expect(reason(of: harness) == "store_restored")
        #expect(try harness.state(id) == .uncertain)
        #expect(harness.provider.created.count <= sent + 9)
        let settled = harness.provider.created.count
        harness.pass(.seconds(600))
        #expect(harness.provider.created.count == settled)
        #expect(try resume(harness) == true)
    }

    @Test func `of two copies the one that is ahead counts`() throws {
        let harness = restorable()
        harness.provider.respond(with: unreachable)
        _ = try harness.admit()
        let backup = harness.store.backup
        let known = try #require(harness.run { try await $0.services.ports.store.identity() }.result).get()
        harness.pass(.seconds(60))
        backup(harness.store)
        // One copy was restored together with the store.
        let stale = marks[0]
        stale.clear()
        _ = harness.run { _ in try await stale.write(known.sequence, storeID: known.id) }
        harness.restart()
        #expect(reason(of: harness) == "store_restored")
    }
}
