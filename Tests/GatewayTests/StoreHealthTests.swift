import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// How the gateway behaves while the store does not work.
@Suite struct StoreHealthTests {
    private func troubles(_ harness: GatewayHarness) -> [String] {
        harness.gateway.readinessIssues().map(\.code)
    }

    @Test func `the gateway becomes ready without traffic when the store works again`() throws {
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

    @Test func `a failure is logged once and its end once, for any number of failed calls`() throws {
        let harness = makeHarness()
        harness.store.fail(with: .full("no space left; free some"))
        for _ in 0..<100 { _ = try? harness.admit() }
        harness.pass(.seconds(300))
        harness.store.fail(with: nil)
        harness.pass(.seconds(120))
        let logged = harness.log.lines.filter { $0.contains("store") || $0.contains("no space") }
        #expect(logged.count == 2, "\(logged)")
        #expect(logged.first?.hasPrefix("error: the store does not work") == true)
        #expect(logged.last == "notice: the store works again")
    }

    @Test func `a failure that becomes another kind is logged again`() throws {
        let harness = makeHarness()
        harness.store.fail(with: .full("no space"))
        _ = try? harness.admit()
        harness.store.fail(with: .readOnly("not writable"))
        harness.pass(.seconds(300))
        #expect(harness.log.lines.count { $0.hasPrefix("error: ") } == 2, "\(harness.log.lines)")
    }

    @Test func `probes of a failed store become rarer and continue`() throws {
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

    @Test func `a removed file is detected without a call`() throws {
        let harness = makeHarness()
        harness.pass(.seconds(600))
        #expect(troubles(harness) == [])
        harness.store.fail(with: .unavailable("taken away"))
        harness.pass(.seconds(61))
        #expect(troubles(harness) == ["store_unavailable"])
    }

    @Test func `a successful read does not end the failure of a full disk`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        harness.store.fail(with: .full("no space"))
        _ = try? harness.admit()
        harness.store.fail(with: .full("no space"), reads: false)
        let view = try harness.run { try await $0.task("provider-\(id)") }.result?.get()
        #expect(view != nil)
        #expect(troubles(harness) == ["store_unavailable"])
    }

    @Test func `an error of one change does not make the store unhealthy`() throws {
        let harness = makeHarness()
        harness.store.fail(with: .oneTask("a name with a NUL"))
        #expect(throws: GatewayError.store(.oneTask("a name with a NUL"))) { try harness.admit() }
        #expect(troubles(harness) == [])
    }

    @Test func `a damaged store admits no job until its integrity was checked`() throws {
        let harness = makeHarness()
        harness.store.fail(with: .damaged("a page is wrong"))
        _ = harness.run { try await $0.task("task-rg-unknown") }
        harness.store.fail(with: nil)
        #expect(throws: GatewayError.store(.damaged("a page is wrong"))) { try harness.admit() }
        harness.pass(.seconds(2))
        _ = try harness.admit()
    }

    @Test func `a verdict received while the disk was full is stored when space is free`() throws {
        let harness = makeHarness()
        harness.provider.hold()
        let id = try harness.admit().record.id
        harness.store.fail(with: .full("no space"))
        harness.provider.release()
        harness.pass(.seconds(3_600))
        harness.store.fail(with: nil)
        // At the next probe, not after a backoff.
        harness.pass(.seconds(30))
        #expect(try harness.record(id).providerTaskID != nil)
        #expect(harness.provider.created == [id])
        let undurable = harness.log.lines.filter { $0.contains("provider-\(id)") }
        #expect(undurable.count == 1, "logged once, for an operator: \(undurable)")
    }

    @Test func `a stopping gateway logs no failure of the store it closed`() throws {
        let harness = makeHarness()
        _ = harness.run { await $0.stop(within: .seconds(1)) }
        harness.pass(.seconds(5))
        harness.store.fail(with: .unavailable("closed"))
        harness.pass(.seconds(600))
        #expect(harness.log.lines == [])
    }
}
