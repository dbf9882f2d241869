import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// Copies of links that expire, and of hosts that do not respond.
@Suite struct ArchiveDeadlineTests {
    private let link = "https://r/1?sig=s", renewed = "https://r/2"

    private func report(_ links: String...) -> PollOutcome {
        .report(ProviderReport(.completed, links: links))
    }

    /// Passes time until a number of copies were tried.
    private func pass(_ harness: GatewayHarness, untilCopies count: Int) {
        for _ in 0..<600 where harness.archive.links.count < count { harness.pass(.milliseconds(50)) }
    }

    @Test func `a host that is back two seconds before its link expires is asked in time`() throws {
        let harness = makeHarness { $0.linkLifetime = .seconds(20) }
        let id = try harness.admit().record.id
        harness.archive.refuse(link, with: .transfer(message: "503"))
        harness.provider.report(report(link))
        pass(harness, untilCopies: 1)
        harness.pass(.seconds(18))
        #expect(try harness.state(id) == .archiving)
        harness.archive.refuse(link, with: nil)
        harness.pass(.milliseconds(600))
        #expect(try harness.state(id) == .completed)
    }

    @Test func `a host may not ask for a wait beyond the life of its link`() throws {
        let harness = makeHarness { $0.linkLifetime = .seconds(100) }
        let id = try harness.admit().record.id
        harness.archive.fail(.transfer(message: "429", retryAfter: .seconds(3600)))
        harness.provider.report(report(link))
        pass(harness, untilCopies: 1)
        harness.pass(.seconds(40))
        #expect(try harness.state(id) == .archiving)
        harness.pass(.seconds(20))
        #expect(try harness.state(id) == .completed)
    }

    @Test
    func `a link that is refused early is replaced and tried at once, the second time with stallTimeout`()
        throws
    {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        harness.archive.fail(.gone(message: "403"), .gone(message: "403"))
        harness.provider.report(report(link), report(renewed))
        pass(harness, untilCopies: 1)
        harness.pass(.milliseconds(50))
        #expect(harness.archive.links == [link, renewed])
        harness.pass(.milliseconds(500))
        #expect(harness.archive.links.count == 2)
        harness.pass(.seconds(10))
        #expect(try harness.state(id) == .completed)
    }

    @Test func `interrupted copies that gain bytes go on at once and are no failures`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        for _ in 0..<20 {
            harness.archive.fail(.interrupted(message: "cut", gained: 100_000, missing: 5_000_000))
        }
        harness.provider.report(report(link))
        pass(harness, untilCopies: 1)
        harness.pass(.milliseconds(50))
        #expect(harness.archive.links.count == 21)
        #expect(try harness.state(id) == .completed)
        #expect(try harness.record(id).archiveFailures == 0)
    }

    @Test func `a copy that gains little is continued ten times a second`() throws {
        let harness = makeHarness()
        _ = try harness.admit()
        for _ in 0..<50 {
            harness.archive.fail(.interrupted(message: "cut", gained: 1, missing: 5_000_000))
        }
        harness.provider.report(report(link))
        pass(harness, untilCopies: 1)
        let before = harness.archive.links.count
        harness.pass(.seconds(1))
        #expect((8...11).contains(harness.archive.links.count - before))
    }

    @Test func `a copy that is interrupted without end is given up on`() throws {
        let harness = makeHarness { $0.archiveTimeout = .seconds(20) }
        let id = try harness.admit().record.id
        harness.archive.refuse(link, with: .interrupted(message: "cut", gained: 1, missing: 5_000_000))
        harness.provider.report(report(link))
        harness.pass(.seconds(60))
        #expect(try harness.record(id).failure?.code == "result_lost")
    }
}
