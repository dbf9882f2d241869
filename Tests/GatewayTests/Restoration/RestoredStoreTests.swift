import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// A store that is put back from a backup while its high-water mark says that more was sent.
@Suite struct RestoredStoreTests {
    private let marks = [MemoryMark(), MemoryMark()]
    private let unreachable = SubmissionVerdict.notAccepted(
        .providerUnreachable, retryAfter: nil, message: "no route")

    private func restorable() -> World { makeWorld(marks: marks) }

    /// Takes a backup while a job is queued, lets the job be bought, and puts the backup back.
    private func restore(in world: World) throws -> TaskID {
        world.provider.answer(unreachable)
        let id = try world.admit().record.id
        try #require(try world.state(id) == .queued)
        let backup = world.store.backup
        world.pass(.seconds(60))
        try #require(try world.state(id) == .running)
        backup(world.store)
        return id
    }

    private func obstacle(of world: World) -> String? { world.gateway.obstacles().first?.code }

    private func resume(_ world: World) throws -> Bool? {
        try world.run { try await $0.resumeSubmission() }.result?.get()
    }

    @Test func `what a backup calls queued is uncertain, is not sent again, and all waits for a person`()
        throws
    {
        let world = restorable()
        let id = try restore(in: world)
        let bought = world.provider.created.count
        world.restart()
        #expect(try world.state(id) == .uncertain)
        let record = try world.record(id)
        #expect(record.evidence?.reply.message.contains("older than what was sent") == true)
        #expect(record.failure?.code == "outcome_unknown")
        #expect(obstacle(of: world) == "store_restored")
        #expect(world.log.lines.contains { $0.hasPrefix("error") && $0.contains("resume --older-store") })

        let new = try world.admit().record.id
        world.pass(.seconds(600))
        #expect(try world.state(new) == .queued)
        #expect(world.provider.created.count == bought)

        #expect(try resume(world) == true)
        #expect(try world.state(new) == .running)
        #expect(obstacle(of: world) == nil)
        #expect(world.provider.created.count == bought + 1)
        #expect(try resume(world) == false)
        world.pass(.seconds(5))
        world.restart()
        #expect(obstacle(of: world) == nil, "found once, not for ever")
    }

    @Test func `one copy of the mark is enough, and without any the store is taken for current`() throws {
        for lost in 0..<2 {
            let world = restorable()
            _ = try restore(in: world)
            marks[lost].clear()
            world.restart()
            #expect(obstacle(of: world) == "store_restored")
            for mark in marks { mark.clear() }
        }
        let world = restorable()
        _ = try restore(in: world)
        for mark in marks { mark.clear() }
        world.restart()
        #expect(obstacle(of: world) == nil)
        world.pass(.seconds(1))
        #expect(marks.map(\.sequence) == [world.store.sequence, world.store.sequence])
    }

    @Test func `the pause lasts over restarts, and what was queued during it is not doubted`() throws {
        let world = restorable()
        let id = try restore(in: world)
        world.restart()
        let new = try world.admit().record.id
        let again = try world.run { try await $0.settle(id, as: .resubmit) }.result?.get()
        guard case .settled? = again else { Issue.record("\(again as Any)"); return }
        world.pass(.seconds(5))
        let sent = world.provider.created.count
        for _ in 0..<3 {
            world.restart()
            #expect(obstacle(of: world) == "store_restored")
            #expect(try world.state(new) == .queued)
            #expect(try world.state(id) == .queued)
        }
        #expect(world.provider.created.count == sent)
        #expect(try resume(world) == true)
        #expect(try world.state(new) == .running)
        #expect(try world.state(id) == .running)
    }

    @Test(arguments: 0..<4)
    func `a crash before all tasks are uncertain leaves the pause, and the rest follows`(_ saved: Int) throws
    {
        let world = makeWorld(marks: marks) { $0.maxInFlight = 1 }
        for _ in 0..<3 { world.provider.answer(unreachable) }
        let ids = try (0..<4).map { _ in try world.admit().record.id }
        let backup = world.store.backup
        world.pass(.seconds(600))
        backup(world.store)
        let sent = world.provider.created.count
        world.store.allowSaves(saved)
        world.restart()
        world.store.allowSaves(nil)
        for mark in marks { mark.clear() }
        // The marks say nothing any more: what was found is durable in the store itself.
        world.restart()
        for id in ids { #expect(try world.state(id) == .uncertain) }
        #expect(obstacle(of: world) == "store_restored")
        world.pass(.seconds(600))
        #expect(world.provider.created.count == sent)
    }

    @Test func `after a restoration every earlier copy is still found`() throws {
        let world = restorable()
        _ = try world.admit()
        let older = world.store.backup
        world.pass(.seconds(60))
        _ = try world.admit()
        let newer = world.store.backup
        // Committed and not in the mark yet: the newest copy may be ahead of it.
        older(world.store)
        world.restart()
        #expect(obstacle(of: world) == "store_restored")
        #expect(try resume(world) == true)
        world.pass(.seconds(5))
        for copy in [newer, older] {
            copy(world.store)
            world.restart()
            #expect(obstacle(of: world) == "store_restored")
            #expect(try resume(world) == true)
            world.pass(.seconds(5))
        }
    }

    @Test func `a running task of a backup is polled, and an interrupted one is uncertain`() throws {
        let world = restorable()
        let running = try world.admit().record.id
        world.provider.hold()
        let sending = try world.admit().record.id
        try #require(try world.state(sending) == .sending)
        let backup = world.store.backup
        world.pass(.seconds(5))
        world.provider.release()
        world.pass(.seconds(5))
        backup(world.store)
        world.restart()
        #expect(try world.state(sending) == .uncertain)
        #expect(try world.record(sending).evidence?.reply.message.contains("older than") == true)
        world.provider.report(done)
        world.pass(.seconds(60))
        #expect(try world.state(running) == .completed)
    }

    @Test func `a mark that appears late pauses what is not sent yet`() throws {
        let world = restorable()
        let id = try restore(in: world)
        for mark in marks { mark.setAway(true) }
        for _ in 0..<9 { world.provider.answer(unreachable) }
        world.restart()
        let sent = world.provider.created.count
        #expect(obstacle(of: world) != "store_restored")
        marks[1].setAway(false)
        world.pass(.seconds(30))
        #expect(obstacle(of: world) == "store_restored")
        #expect(try world.state(id) == .uncertain)
        #expect(world.provider.created.count <= sent + 9)
        let settled = world.provider.created.count
        world.pass(.seconds(600))
        #expect(world.provider.created.count == settled)
        #expect(try resume(world) == true)
    }

    @Test func `of two copies the one that is ahead counts`() throws {
        let world = restorable()
        world.provider.answer(unreachable)
        _ = try world.admit()
        let backup = world.store.backup
        let known = try #require(world.run { try await $0.services.ports.store.identity() }.result).get()
        world.pass(.seconds(60))
        backup(world.store)
        // One copy was put back together with the store.
        let stale = marks[0]
        stale.clear()
        _ = world.run { _ in try await stale.write(known.sequence, storeID: known.id) }
        world.restart()
        #expect(obstacle(of: world) == "store_restored")
    }
}
