import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// The removal of archived videos by age and by size.
@Suite struct RetentionTests {
    private func content(_ id: TaskID, _ harness: GatewayHarness) throws -> ContentAvailability {
        let response = try harness.run { try await $0.content(of: id.text, index: 0) }.result?.get()
        return try #require(response)
    }

    /// Admits a job and archives its video at once, if it is the only one in progress.
    private func complete(in harness: GatewayHarness) throws -> TaskID {
        let id = try harness.admit().record.id
        harness.provider.report(done)
        harness.pass(.seconds(60))
        try #require(try harness.state(id) == .completed)
        return id
    }

    @Test func `a video is removed when its time ends, not at the next interval`() throws {
        let harness = makeHarness {
            $0.keep = .seconds(100)
            $0.retentionInterval = .seconds(86_400)
        }
        let id = try complete(in: harness)
        let expires = try #require(try harness.record(id).contentExpires)
        let left = expires - harness.clock.now()
        harness.pass(left - .seconds(1))
        #expect(try harness.record(id).contentRemoved == false)
        harness.pass(.seconds(2))
        #expect(try harness.record(id).contentRemoved)
        #expect(harness.archive.artifacts.isEmpty)
    }

    @Test func `the limit is kept at once, by the videos that were archived first`() throws {
        let harness = makeHarness {
            $0.archiveBytesMax = 2500
            $0.reserveMin = 0
            $0.retentionInterval = .seconds(86_400)
        }
        let ids = try (0..<3).map { _ in try harness.admit().record.id }
        harness.provider.report(done, done, done)
        harness.pass(.seconds(60))
        let records = try ids.map(harness.record)
        let removed = records.filter(\.contentRemoved)
        #expect(removed.count == 1)
        #expect(removed.first?.completed == records.compactMap(\.completed).min())
        #expect(Set(harness.archive.artifacts.map(\.task)) == Set(ids).subtracting(removed.map(\.id)))
    }

    @Test func `more videos than one page are bounded too`() throws {
        let harness = makeHarness {
            $0.keep = nil
            $0.archiveBytesMax = 350_000
            $0.reserveMin = 0
            $0.maxInFlight = 400
        }
        let ids = try (0..<400).map { _ in try harness.admit().record.id }
        for _ in ids { harness.provider.report(done) }
        harness.pass(.seconds(900))
        #expect(harness.archive.artifacts.count == 350)
        #expect(try harness.run { try await $0.services.ports.store.contentBytes() }.result?.get() == 350_000)
    }

    @Test func `a removal that was interrupted before it was recorded is completed by the next gateway`()
        throws
    {
        let harness = makeHarness { $0.keep = .seconds(100) }
        let id = try complete(in: harness)
        harness.store.allowSaves(0)
        harness.pass(.seconds(200))
        // The files are gone. It is not an archive that lost a video.
        #expect(harness.archive.artifacts.isEmpty)
        guard case .expired = try content(id, harness) else { Issue.record("not expired"); return }
        #expect(harness.gateway.warnings().isEmpty)
        harness.store.allowSaves(nil)
        harness.restart()
        harness.pass(.seconds(1))
        #expect(try harness.record(id).contentRemoved)
        guard case .expired = try content(id, harness) else { Issue.record("not expired"); return }
    }

    private func notices(_ id: TaskID, _ harness: GatewayHarness) -> Int {
        harness.log.lines.count { $0.contains("nobody has fetched") && $0.contains("task_id=\(id)") }
    }

    @Test func `a removal by age is announced once, a day before, unless somebody has fetched the video`()
        throws
    {
        let harness = makeHarness { $0.keep = .seconds(10 * 86_400) }
        let ids = try (0..<2).map { _ in try complete(in: harness) }
        harness.gateway.recordFetch(of: try harness.record(ids[0]))
        harness.executor.runUntilIdle()
        #expect(try harness.record(ids[0]).fetched != nil)
        harness.pass(.seconds(9 * 86_400 - 200))
        #expect(ids.map { notices($0, harness) } == [0, 0])
        harness.pass(.seconds(400))
        #expect(ids.map { notices($0, harness) } == [0, 1])
        let record = try harness.record(ids[1])
        #expect(record.removalWarned != nil && !record.contentRemoved)
        harness.pass(.seconds(86_000))
        #expect(ids.map { notices($0, harness) } == [0, 1])
        harness.pass(.seconds(600))
        #expect(try ids.allSatisfy { try harness.record($0).contentRemoved })
    }

    @Test func `a short retention time is announced at its half`() throws {
        let harness = makeHarness { $0.keep = .seconds(1000) }
        let id = try complete(in: harness)
        harness.pass(.seconds(430))
        #expect(notices(id, harness) == 0)
        harness.pass(.seconds(80))
        #expect(notices(id, harness) == 1)
    }

    @Test func `the videos that the next ones will replace are announced`() throws {
        let harness = makeHarness {
            $0.archiveBytesMax = 20_000
            $0.reserveMin = 0
            $0.retentionInterval = .seconds(60)
        }
        let ids = try (0..<20).map { _ in try complete(in: harness) }
        harness.pass(.seconds(120))
        #expect(ids.map { notices($0, harness) } == [1, 1] + Array(repeating: 0, count: 18))
        #expect(try ids.allSatisfy { try harness.record($0).contentRemoved == false })
        let next = try complete(in: harness)
        #expect(try harness.record(ids[0]).contentRemoved)
        #expect(notices(ids[0], harness) == 1 && notices(next, harness) == 0)
    }

    @Test func `a fetch is recorded once, whatever the number of readers`() throws {
        let harness = makeHarness()
        let id = try complete(in: harness)
        let record = try harness.record(id)
        for _ in 0..<50 { harness.gateway.recordFetch(of: record) }
        harness.executor.runUntilIdle()
        harness.gateway.recordFetch(of: try harness.record(id))
        harness.executor.runUntilIdle()
        #expect(try harness.record(id).version == record.version + 1)
    }
}
