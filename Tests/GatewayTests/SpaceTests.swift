import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// The reservation of space for results before jobs are sent. A copy of the fake archive has 1000 bytes.
@Suite struct SpaceTests {
    /// Where the space is limited.
    enum Bound: CaseIterable { case disk, limit }

    private func makeHarness(_ bound: Bound, bytes: Int64, reserve: Int64 = 1000) -> GatewayHarness {
        let harness = GatewayTests.makeHarness {
            if bound == .limit { $0.archiveBytesMax = bytes }
            $0.reserveMin = reserve
            $0.retentionInterval = .seconds(86_400)
        }
        if bound == .disk { harness.archive.setCapacity(bytes) }
        harness.pass(.seconds(10))
        return harness
    }

    private func waiting(_ id: TaskID, _ harness: GatewayHarness) throws -> QueueStatus.Waiting? {
        try harness.run { try await $0.task(id.text)?.queueStatus?.waiting }.result?.get()
    }

    @Test(arguments: Bound.allCases)
    func `jobs wait without space for their results, and the oldest video is removed for them`(
        _ bound: Bound
    ) throws {
        let harness = makeHarness(bound, bytes: 2500)
        let ids = try (0..<4).map { _ in try harness.admit().record.id }
        #expect(harness.provider.created == Array(ids[..<2]))
        for id in ids[2...] {
            #expect(try harness.state(id) == .queued)
            let waiting = try #require(try waiting(id, harness))
            #expect(waiting.reason == .archiveUnavailable)
        }
        let issues = harness.gateway.readinessIssues()
        #expect(issues.map(\.code) == ["archive_unavailable"])
        #expect(harness.log.lines.count { $0.contains("waits for space") } == 1)
        harness.pass(.seconds(600))
        #expect(harness.provider.created.count == 2, "without space nothing is sent")

        harness.provider.report(done)
        harness.pass(.seconds(60))
        // The first video was removed for the third job.
        #expect(harness.provider.created == Array(ids[..<3]))
        #expect(try ids[..<2].map(harness.record).count { $0.contentRemoved } == 1)
        harness.provider.report(done, done, done)
        harness.pass(.seconds(600))
        for id in ids { #expect(try harness.state(id) == .completed) }
        #expect(harness.provider.created == ids)
        #expect(harness.gateway.readinessIssues().isEmpty)
        #expect(harness.archive.artifacts.count <= 2)
    }

    @Test func `no video is removed if that is not enough`() throws {
        let harness = makeHarness(.disk, bytes: 2500)
        let first = try harness.admit().record.id
        harness.provider.report(done)
        harness.pass(.seconds(60))
        try #require(try harness.state(first) == .completed)
        // Something else fills the disk.
        harness.archive.setCapacity(1500)
        harness.pass(.seconds(10))
        harness.archive.setCapacity(900)
        let waiting = try harness.admit().record.id
        harness.pass(.seconds(600))
        #expect(try harness.state(waiting) == .queued)
        #expect(try harness.record(first).contentRemoved == false)
        harness.archive.setCapacity(2000)
        harness.pass(.seconds(10))
        #expect(try harness.state(waiting) == .running)
        #expect(try harness.record(first).contentRemoved == false)
    }

    @Test func `a limit below one reservation is named as the reason`() throws {
        let harness = makeHarness(.limit, bytes: 500)
        let id = try harness.admit().record.id
        harness.pass(.seconds(60))
        #expect(try harness.state(id) == .queued)
        let message = try #require(try waiting(id, harness)?.message)
        #expect(message.contains("more than archive.max_bytes, 500"), "\(message)")
    }

    @Test func `a job that ends in any way gives its space back at once`() throws {
        let harness = makeHarness(.limit, bytes: 1000)
        harness.provider.hold()
        let first = try harness.admit().record.id
        let second = try harness.admit().record.id
        let third = try harness.admit().record.id
        #expect(try harness.run { try await $0.cancel(third) }.result?.get() != nil)
        harness.provider.respond(with: .refused(FailureReason(code: "c", message: "m")))
        harness.provider.release()
        harness.executor.runUntilIdle()
        harness.pass(.seconds(6))
        #expect(try [first, second, third].map(harness.state).count { $0 == .running } == 1)
        harness.provider.report(.report(ProviderReport(.failed)))
        harness.pass(.seconds(30))
        #expect(harness.gateway.services.space.reservedBytes == 1000 || harness.provider.created.count == 2)
    }

    @Test func `reservations and learned sizes survive a restart`() throws {
        let harness = makeHarness(.limit, bytes: 3500, reserve: 10)
        let first = try harness.admit().record.id
        harness.provider.report(done)
        harness.pass(.seconds(60))
        try #require(try harness.state(first) == .completed)
        let running = try (0..<2).map { _ in try harness.admit().record.id }
        harness.restart()
        harness.pass(.seconds(1))
        let space = harness.gateway.services.space
        #expect(space.contentBytes == 1000 && space.reservedBytes == 2000)
        let last = try harness.admit().record.id
        // For the fourth the first video is removed.
        #expect(try harness.record(first).contentRemoved)
        #expect(harness.provider.created == [first] + running + [last])
        #expect(space.contentBytes == 0 && space.reservedBytes == 3000)
    }

    @Test func `a count of the content that a copy has overtaken does not hide the copy`() throws {
        let harness = makeHarness(.limit, bytes: 3500, reserve: 10)
        let space = harness.gateway.services.space
        // The store has counted, and before that is known here, a video is archived.
        let changes = space.contentChanges
        _ = try harness.admit()
        harness.provider.report(done)
        harness.pass(.seconds(60))
        #expect(space.contentBytes == 1000)
        space.setContentBytes(0, countedAfter: changes)
        #expect(space.contentBytes == 1000)
        space.setContentBytes(1001, countedAfter: space.contentChanges)
        #expect(space.contentBytes == 1001)
    }

    @Test func `a disk of unknown size holds no job`() throws {
        let harness = makeHarness(.disk, bytes: 0)
        harness.archive.setCapacity(nil)
        harness.pass(.seconds(10))
        #expect(try harness.state(try harness.admit().record.id) == .running)
    }
}
