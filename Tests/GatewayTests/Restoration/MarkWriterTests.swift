import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// When high-water marks are written.
@Suite struct MarkWriterTests {
    private let mark = MemoryMark()

    @Test func `a mark is never ahead of the store and at most one second behind`() throws {
        let harness = makeHarness(marks: [mark])
        for _ in 0..<40 {
            _ = try harness.admit()
            let committed = harness.store.sequence
            harness.pass(.seconds(1))
            let written = try #require(mark.sequence)
            #expect(written >= committed)
            #expect(written <= harness.store.sequence)
        }
    }

    @Test func `many commits share a write, and an idle store causes none`() throws {
        let harness = makeHarness(marks: [mark]) { $0.maxInFlight = 500 }
        harness.pass(.seconds(2))
        let before = mark.writes
        for _ in 0..<200 {
            _ = try harness.admit()
            harness.pass(.milliseconds(10))
        }
        #expect(mark.writes - before <= 3)
    }

    @Test func `a failed write is logged once, retried, and delays no job`() throws {
        let harness = makeHarness(marks: [mark])
        mark.setUnavailable(true)
        let id = try harness.admit().record.id
        #expect(try harness.state(id) == .running)
        harness.pass(.seconds(35))
        let warnings = harness.log.lines.filter { $0.contains("cannot be written") }
        #expect(warnings.count == 1, "\(warnings)")
        #expect(harness.gateway.readinessIssues().isEmpty)
        mark.setUnavailable(false)
        harness.pass(.seconds(11))
        #expect(mark.sequence == harness.store.sequence)
    }

    @Test func `a graceful stop writes the last sequence`() throws {
        let harness = makeHarness(marks: [mark])
        _ = try harness.admit()
        let stop = harness.run { await $0.stop(within: .seconds(30)) }
        harness.pass(.seconds(31))
        #expect(stop.result != nil)
        #expect(mark.sequence == harness.store.sequence)
    }
}
