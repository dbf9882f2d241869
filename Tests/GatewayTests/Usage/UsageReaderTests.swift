import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

@Suite struct UsageReaderTests {
    private let harness = makeHarness { $0.maxInFlight = 1 }

    private func admit(_ price: Int64?, for client: String = "open") throws -> TaskID {
        let job = VideoJob(model: "m", payload: [], price: price)
        let caller = Caller(client: client, isOperator: true)
        return try #require(harness.run { try await $0.admit(job, for: caller) }.result).get().record.id
    }

    private func report(
        since: Timestamp? = nil, client: String? = nil, for caller: Caller = .open
    ) throws -> UsageReport {
        let work = harness.run {
            try await $0.usage(since: since, client: client, by: .client, for: caller)
        }
        return try #require(work.result).get()
    }

    @Test func `a sum follows a task from its admission to its end`() throws {
        let running = try admit(100)
        let waiting = try admit(20)
        #expect(try report().total == UsageSum(jobs: 2, reserved: 120))
        _ = harness.run { try await $0.cancel(waiting, for: .open) }
        #expect(try report().total == UsageSum(jobs: 2, reserved: 100))
        harness.provider.report(.report(ProviderReport(.completed, links: ["https://cdn/1"])))
        harness.pass(.seconds(60))
        #expect(try report().total == UsageSum(jobs: 2, videos: 1, spent: 100))
        #expect(try report().clients.map(\.openTasks) == [0])
        _ = running
    }

    @Test func `a caller that is no operator sees itself alone`() throws {
        _ = try admit(100, for: "studio")
        _ = try admit(20, for: "desk")
        let own = try report(for: Caller(client: "studio", isOperator: false))
        #expect(own.sums.map(\.name) == ["studio"] && own.clients.map(\.name) == ["studio"])
        #expect(try report().clients.map(\.name) == ["desk", "studio"])
    }

    @Test func `what is left of a budget counts its own period, whatever the report's time`() throws {
        let digest = try #require(TokenDigest(Array(repeating: 1, count: 32)))
        _ = harness.run {
            try await $0.clients.add(
                "studio", for: .open,
                { $0.budget = ClientBudget(microdollars: 150, per: .month) }, digest: { _ in digest })
        }
        _ = try admit(100, for: "studio")
        let later = harness.clock.now() + .seconds(1)
        let budget = try report(since: later).clients.first?.budget
        #expect(try report(since: later).sums.isEmpty)
        #expect(budget?.sum == UsageSum(jobs: 1, reserved: 100) && budget?.left == 50)
        #expect(budget?.resets == SpendingPeriod.month(of: harness.clock.now()).end)
        _ = harness.run {
            try await $0.clients.update("studio", for: .open) { $0.budget?.microdollars = 10 }
        }
        #expect(try report().clients.first?.budget?.left == 0)
    }
}
