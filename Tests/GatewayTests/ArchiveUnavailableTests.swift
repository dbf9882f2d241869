import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// An archive that is not mounted, or another folder in its place.
@Suite struct ArchiveAwayTests {
    private func content(_ id: TaskID, _ harness: GatewayHarness) throws -> ContentAvailability {
        let response = try harness.run { try await $0.content(of: id.text, index: 0) }.result?.get()
        return try #require(response)
    }

    private func completed(in harness: GatewayHarness) throws -> TaskID {
        let id = try harness.admit().record.id
        harness.provider.report(done)
        harness.pass(.seconds(60))
        try #require(try harness.state(id) == .completed)
        return id
    }

    @Test func `a video is not expired while its archive is away, and is here when that is back`() throws {
        let harness = makeHarness()
        let id = try completed(in: harness)
        harness.archive.setUnavailable(true)
        guard case .unavailable = try content(id, harness) else { Issue.record("found"); return }
        #expect(harness.gateway.readinessIssues().map(\.code) == ["archive_unavailable"])
        _ = try content(id, harness)
        harness.pass(.seconds(60))
        #expect(harness.log.lines.count { $0.hasPrefix("error") } == 1)
        harness.archive.setUnavailable(false)
        harness.pass(.seconds(3))
        #expect(harness.gateway.readinessIssues().isEmpty)
        #expect(harness.log.lines.contains { $0.contains("available again") })
        guard case .found = try content(id, harness) else { Issue.record("missing"); return }
    }

    @Test func `nobody calls, and it is noticed all the same`() throws {
        let harness = makeHarness()
        harness.archive.setUnavailable(true)
        harness.pass(.seconds(61))
        #expect(harness.gateway.readinessIssues().map(\.code) == ["archive_unavailable"])
    }

    @Test func `copies wait for the archive without losing patience, however long it is away`() throws {
        let harness = makeHarness { $0.archiveTimeout = .seconds(600) }
        let id = try harness.admit().record.id
        harness.archive.setUnavailable(true)
        harness.provider.report(done)
        harness.pass(.seconds(60))
        #expect(try harness.state(id) == .archiving)
        let version = try harness.record(id).version
        harness.pass(.seconds(1200))
        #expect(try harness.state(id) == .archiving)
        #expect(try harness.record(id).version == version, "waiting is no change of the task")
        harness.archive.setUnavailable(false)
        harness.pass(.seconds(10))
        #expect(try harness.state(id) == .completed)
        #expect(harness.provider.created.count == 1)
    }

    @Test func `retention removes nothing and marks nothing removed while the archive is away`() throws {
        let harness = makeHarness { $0.keep = .seconds(3600) }
        let id = try completed(in: harness)
        harness.archive.setUnavailable(true)
        harness.pass(.seconds(5 * 3600))
        #expect(try !harness.record(id).contentRemoved)
        guard case .unavailable = try content(id, harness) else { Issue.record("expired"); return }
        harness.archive.setUnavailable(false)
        harness.pass(.seconds(1300))
        guard case .expired = try content(id, harness) else { Issue.record("not expired"); return }
    }

    @Test func `a single missing video is told, and makes nobody unready`() throws {
        let harness = makeHarness()
        let id = try completed(in: harness)
        harness.archive.lose(ArtifactID(task: id, index: 0))
        for _ in 0..<3 {
            guard case .unavailable = try content(id, harness) else { Issue.record("expired"); return }
        }
        #expect(harness.log.lines.count { $0.hasPrefix("error") } == 1)
        #expect(harness.gateway.readinessIssues().isEmpty)
        #expect(harness.gateway.warnings().count == 1)
    }

    @Test func `a gateway starts without its archive, and answers for everything else`() throws {
        let harness = makeHarness()
        let id = try completed(in: harness)
        harness.archive.setUnavailable(true)
        harness.restart()
        #expect(harness.gateway.readinessIssues().map(\.code) == ["archive_unavailable"])
        #expect(try harness.state(id) == .completed)
        let new = try harness.admit().record.id
        #expect(try harness.state(new) == .running)
        harness.archive.setUnavailable(false)
        harness.pass(.seconds(3))
        #expect(harness.gateway.readinessIssues().isEmpty)
    }
}
