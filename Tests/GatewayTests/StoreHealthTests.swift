import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// What the gateway makes of a store that does not work.
@Suite struct StoreHealthTests {
    private func troubles(_ world: World) -> [String] { world.gateway.obstacles().map(\.code) }

    @Test func `the gateway is ready again without any traffic once the store works`() throws {
        let world = makeWorld()
        world.store.fail(with: .full("no space"))
        #expect(throws: GatewayError.store(.full("no space"))) { try world.admit() }
        #expect(troubles(world) == ["store_unavailable"])
        world.pass(.seconds(300))
        #expect(troubles(world) == ["store_unavailable"])
        world.store.fail(with: nil)
        world.pass(.seconds(30))
        #expect(troubles(world) == [])
    }

    @Test func `trouble is told once and its end once, however many calls fail`() throws {
        let world = makeWorld()
        world.store.fail(with: .full("no space left; free some"))
        for _ in 0..<100 { _ = try? world.admit() }
        world.pass(.seconds(300))
        world.store.fail(with: nil)
        world.pass(.seconds(120))
        let told = world.log.lines.filter { $0.contains("store") || $0.contains("no space") }
        #expect(told.count == 2, "\(told)")
        #expect(told.first?.hasPrefix("error: no space left; free some.") == true)
        #expect(told.last == "notice: the store works again: jobs are accepted")
    }

    @Test func `a trouble that becomes another is told again`() throws {
        let world = makeWorld()
        world.store.fail(with: .full("no space"))
        _ = try? world.admit()
        world.store.fail(with: .readOnly("not ours"))
        world.pass(.seconds(300))
        #expect(world.log.lines.count { $0.hasPrefix("error: ") } == 2, "\(world.log.lines)")
    }

    @Test func `looks at a store in trouble become rarer, and go on`() throws {
        let world = makeWorld()
        world.store.fail(with: .full("no space"))
        _ = try? world.admit()
        world.pass(.seconds(2))
        #expect(world.store.checks >= 1)
        world.pass(.seconds(1_000))
        let settled = world.store.checks
        world.pass(.seconds(600))
        #expect((20...40).contains(world.store.checks - settled), "\(world.store.checks - settled)")
    }

    @Test func `a file that is taken away is noticed while nobody calls`() throws {
        let world = makeWorld()
        world.pass(.seconds(600))
        #expect(troubles(world) == [])
        world.store.fail(with: .unavailable("taken away"))
        world.pass(.seconds(61))
        #expect(troubles(world) == ["store_unavailable"])
    }

    @Test func `a reading that works does not end the trouble of a full disk`() throws {
        let world = makeWorld()
        let id = try world.admit().record.id
        world.store.fail(with: .full("no space"))
        _ = try? world.admit()
        world.store.fail(with: .full("no space"), reads: false)
        let view = try world.run { try await $0.task("theirs-\(id)") }.result?.get()
        #expect(view != nil)
        #expect(troubles(world) == ["store_unavailable"])
    }

    @Test func `a change that cannot be stored says nothing of the store`() throws {
        let world = makeWorld()
        world.store.fail(with: .oneTask("a name with a NUL"))
        #expect(throws: GatewayError.store(.oneTask("a name with a NUL"))) { try world.admit() }
        #expect(troubles(world) == [])
    }

    @Test func `no job is taken into a damaged store until it has been looked through`() throws {
        let world = makeWorld()
        world.store.fail(with: .damaged("a page is wrong"))
        _ = world.run { try await $0.task("task-rg-unknown") }
        world.store.fail(with: nil)
        #expect(throws: GatewayError.store(.damaged("a page is wrong"))) { try world.admit() }
        world.pass(.seconds(2))
        _ = try world.admit()
    }

    @Test func `a verdict that came while the disk was full is stored as soon as there is room`() throws {
        let world = makeWorld()
        world.provider.hold()
        let id = try world.admit().record.id
        world.store.fail(with: .full("no space"))
        world.provider.release()
        world.pass(.seconds(3_600))
        world.store.fail(with: nil)
        // The next look, not the end of a backoff of its own.
        world.pass(.seconds(30))
        #expect(try world.record(id).providerTaskID != nil)
        #expect(world.provider.created == [id])
        let undurable = world.log.lines.filter { $0.contains("theirs-\(id)") }
        #expect(undurable.count == 1, "named once, for whoever has to adopt it: \(undurable)")
    }

    @Test func `a gateway that stops says nothing of the store that it closed`() throws {
        let world = makeWorld()
        _ = world.run { await $0.stop(within: .seconds(1)) }
        world.pass(.seconds(5))
        world.store.fail(with: .unavailable("closed"))
        world.pass(.seconds(600))
        #expect(world.log.lines == [])
    }
}
