import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// An archive that is not mounted, or another folder in its place.
@Suite struct ArchiveAwayTests {
    private func content(_ id: TaskID, _ world: World) throws -> ContentAnswer {
        let answer = try world.run { try await $0.content(of: id.text, index: 0) }.result?.get()
        return try #require(answer)
    }

    private func completed(in world: World) throws -> TaskID {
        let id = try world.admit().record.id
        world.provider.report(done)
        world.pass(.seconds(60))
        try #require(try world.state(id) == .completed)
        return id
    }

    @Test func `a video is not expired while its archive is away, and is here when that is back`() throws {
        let world = makeWorld()
        let id = try completed(in: world)
        world.archive.setAway(true)
        guard case .unavailable = try content(id, world) else { Issue.record("found"); return }
        #expect(world.gateway.obstacles().map(\.code) == ["archive_unavailable"])
        _ = try content(id, world)
        world.pass(.seconds(60))
        #expect(world.log.lines.count { $0.hasPrefix("error") } == 1)
        world.archive.setAway(false)
        world.pass(.seconds(3))
        #expect(world.gateway.obstacles().isEmpty)
        #expect(world.log.lines.contains { $0.contains("available again") })
        guard case .file = try content(id, world) else { Issue.record("missing"); return }
    }

    @Test func `nobody calls, and it is noticed all the same`() throws {
        let world = makeWorld()
        world.archive.setAway(true)
        world.pass(.seconds(61))
        #expect(world.gateway.obstacles().map(\.code) == ["archive_unavailable"])
    }

    @Test func `copies wait for the archive without losing patience, however long it is away`() throws {
        let world = makeWorld { $0.archiveTimeout = .seconds(600) }
        let id = try world.admit().record.id
        world.archive.setAway(true)
        world.provider.report(done)
        world.pass(.seconds(60))
        #expect(try world.state(id) == .archiving)
        let version = try world.record(id).version
        world.pass(.seconds(1200))
        #expect(try world.state(id) == .archiving)
        #expect(try world.record(id).version == version, "waiting is no change of the task")
        world.archive.setAway(false)
        world.pass(.seconds(10))
        #expect(try world.state(id) == .completed)
        #expect(world.provider.created.count == 1)
    }

    @Test func `retention removes nothing and marks nothing removed while the archive is away`() throws {
        let world = makeWorld { $0.keep = .seconds(3600) }
        let id = try completed(in: world)
        world.archive.setAway(true)
        world.pass(.seconds(5 * 3600))
        #expect(try !world.record(id).contentRemoved)
        guard case .unavailable = try content(id, world) else { Issue.record("expired"); return }
        world.archive.setAway(false)
        world.pass(.seconds(1300))
        guard case .expired = try content(id, world) else { Issue.record("not expired"); return }
    }

    @Test func `a single missing video is told, and makes nobody unready`() throws {
        let world = makeWorld()
        let id = try completed(in: world)
        world.archive.lose(ArtifactID(task: id, index: 0))
        for _ in 0..<3 {
            guard case .unavailable = try content(id, world) else { Issue.record("expired"); return }
        }
        #expect(world.log.lines.count { $0.hasPrefix("error") } == 1)
        #expect(world.gateway.obstacles().isEmpty)
        #expect(world.gateway.warnings().count == 1)
    }

    @Test func `a gateway starts without its archive, and answers for everything else`() throws {
        let world = makeWorld()
        let id = try completed(in: world)
        world.archive.setAway(true)
        world.restart()
        #expect(world.gateway.obstacles().map(\.code) == ["archive_unavailable"])
        #expect(try world.state(id) == .completed)
        let new = try world.admit().record.id
        #expect(try world.state(new) == .running)
        world.archive.setAway(false)
        world.pass(.seconds(3))
        #expect(world.gateway.obstacles().isEmpty)
    }
}
