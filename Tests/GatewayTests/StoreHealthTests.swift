import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// What the gateway makes of a store that does not work.
@Suite struct StoreHealthTests {
    private func troubles(_ harness: GatewayHarness) -> [String] {
        harness.gateway.readinessIssues().map(\.code)
    }

    @Test func `the gateway is ready again without any traffic once the store works`() throws {
        let harness = makeHarness()
        harness.store.fail(with: .full("no space"))
        #expect(throws: GatewayError.store(.full("no space"))) { try harness.admit() }
        #expect(troubles(harness) == ["store_unavailable"])
        harness.pass(.seconds(300))
        #expect(troubles(harness) == ["store_unavailable"])
        harness.store.fail(with: nil)
        harness.pass(.seconds(30))
        #expect(troubles(harness) == [])
    }

    @Test func `trouble is told once and its end once, however many calls fail`() throws {
        let harness = makeHarness()
        harness.store.fail(with: .full("no space left; free some"))
        for _ in 0..<100 { _ = try? harness.admit() }
        harness.pass(.seconds(300))
        harness.store.fail(with: nil)
        harness.pass(.seconds(120))
        let told = harness.log.lines.filter { $0.contains("store") || $0.contains("no space") }
        #expect(told.count == 2, "\(told)")
        #expect(told.first?.hasPrefix("error: no space left; free some.") == true)
        #expect(told.last == "notice: the store works again: jobs are accepted")
    }

    @Test func `a trouble that becomes another is told again`() throws {
        let harness = makeHarness()
        harness.store.fail(with: .full("no space"))
        _ = try? harness.admit()
        harness.store.fail(with: .readOnly("not ours"))
        harness.pass(.seconds(300))
        #expect(harness.log.lines.count { $0.hasPrefix("error: ") } == 2, "\(harness.log.lines)")
    }

    @Test func `looks at a store in trouble become rarer, and go on`() throws {
        let harness = makeHarness()
        harness.store.fail(with: .full("no space"))
        _ = try? harness.admit()
        harness.pass(.seconds(2))
        #expect(harness.store.checks >= 1)
        harness.pass(.seconds(1_000))
        let settled = harness.store.checks
        harness.pass(.seconds(600))
        #expect((20...40).contains(harness.store.checks - settled), "\(harness.store.checks - settled)")
    }

    @Test func `a file that is taken away is noticed while nobody calls`() throws {
        let harness = makeHarness()
        harness.pass(.seconds(600))
        #expect(troubles(harness) == [])
        harness.store.fail(with: .unavailable("taken away"))
        harness.pass(.seconds(61))
        #expect(troubles(harness) == ["store_unavailable"])
    }

    @Test func `a reading that works does not end the trouble of a full disk`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        harness.store.fail(with: .full("no space"))
        _ = try? harness.admit()
        harness.store.fail(with: .full("no space"), reads: false)
        let view = try harness.run { try await $0.task("provider-\(id)") }.result?.get()
        #expect(view != nil)
        #expect(troubles(harness) == ["store_unavailable"])
    }

    @Test func `a change that cannot be stored says nothing of the store`() throws {
        let harness = makeHarness()
        harness.store.fail(with: .oneTask("a name with a NUL"))
        #expect(throws: GatewayError.store(.oneTask("a name with a NUL"))) { try harness.admit() }
        #expect(troubles(harness) == [])
    }

    @Test func `no job is taken into a damaged store until it has been looked through`() throws {
        let harness = makeHarness()
        harness.store.fail(with: .damaged("a page is wrong"))
        _ = harness.run { try await $0.task("task-rg-unknown") }
        harness.store.fail(with: nil)
        #expect(throws: GatewayError.store(.damaged("a page is wrong"))) { try harness.admit() }
        harness.pass(.seconds(2))
        _ = try harness.admit()
    }

    @Test func `a verdict that came while the disk was full is stored as soon as there is room`() throws {
        let harness = makeHarness()
        harness.provider.hold()
        let id = try harness.admit().record.id
        harness.store.fail(with: .full("no space"))
        harness.provider.release()
        harness.pass(.seconds(3_600))
        harness.store.fail(with: nil)
        // The next look, not the end of a backoff of its own.
        harness.pass(.seconds(30))
        #expect(try harness.record(id).providerTaskID != nil)
        #expect(harness.provider.created == [id])
        let undurable = harness.log.lines.filter { $0.contains("provider-\(id)") }
        #expect(undurable.count == 1, "named once, for whoever has to adopt it: \(undurable)")
    }

    @Test func `a gateway that stops says nothing of the store that it closed`() throws {
        let harness = makeHarness()
        _ = harness.run { await $0.stop(within: .seconds(1)) }
        harness.pass(.seconds(5))
        harness.store.fail(with: .unavailable("closed"))
        harness.pass(.seconds(600))
        #expect(harness.log.lines == [])
    }
}
