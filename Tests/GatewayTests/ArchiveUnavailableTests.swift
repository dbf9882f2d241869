import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// An archive that is not mounted, or whose folder was replaced.
@Suite struct ArchiveUnavailableTests {
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

    @Test func `content is unavailable while the archive is, and found when it is available again`() throws {
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

    @Test func `an unavailable archive is detected without a call`() throws {
        let harness = makeHarness()
        harness.archive.setUnavailable(true)
        harness.pass(.seconds(61))
        #expect(harness.gateway.readinessIssues().map(\.code) == ["archive_unavailable"])
    }

    @Test func `copies wait for an unavailable archive beyond the archive time-out`() throws {
        let harness = makeHarness { $0.archiveTimeout = .seconds(600) }
        let id = try harness.admit().record.id
        harness.archive.setUnavailable(true)
        harness.provider.report(done)
        harness.pass(.seconds(60))
        #expect(try harness.state(id) == .archiving)
        let version = try harness.record(id).version
        harness.pass(.seconds(1200))
        #expect(try harness.state(id) == .archiving)
        #expect(try harness.record(id).version == version, "waiting does not change the task")
        harness.archive.setUnavailable(false)
        harness.pass(.seconds(10))
        #expect(try harness.state(id) == .completed)
        #expect(harness.provider.created.count == 1)
    }

    @Test func `retention removes nothing while the archive is unavailable`() throws {
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

    @Test func `a missing video is reported and does not make the gateway unready`() throws {
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

    @Test func `a gateway starts without its archive and serves everything else`() throws {
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
