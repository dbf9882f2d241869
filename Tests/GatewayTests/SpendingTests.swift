import Gateway
import GatewayFakes
import Testing
import VideoJobs

/// Budgets, ceilings and limits of clients, as a caller of the gateway sees them.
@Suite struct SpendingTests {
    private let world: GatewayHarness
    private let studio = Caller(client: "studio", isOperator: false)

    init() {
        var settings = GatewaySettings()
        settings.maxInFlight = 1_000
        world = GatewayHarness(settings: settings)
    }

    private func job(_ price: Int64? = 640_000) -> VideoJob {
        VideoJob(model: "m", payload: Array("{}".utf8), estimatedSeconds: 45, price: price)
    }

    private func addClient(_ configure: @escaping @Sendable (inout Client) -> Void) throws {
        let added = world.run { gateway in
            try await gateway.clients.add("studio", for: .open, configure) { _ in
                guard let digest = TokenDigest([UInt8](repeating: 1, count: 32)) else {
                    preconditionFailure("32 bytes")
                }
                return digest
            }
        }
        _ = try #require(added.result).get()
    }

    private func update(_ change: @escaping @Sendable (inout Client) -> Void) throws {
        let updated = world.run { try await $0.clients.update("studio", for: .open, change) }
        _ = try #require(updated.result).get()
    }

    private func admit(
        _ job: VideoJob, for caller: Caller? = nil, claim: IdempotencyClaim? = nil
    ) throws -> Result<AdmittedTask, any Error> {
        let caller = caller ?? studio
        return try #require(world.run { try await $0.admit(job, for: caller, claim: claim) }.result)
    }

    /// Admits a job. Returns the limit that it exceeds.
    private func limit(_ job: VideoJob, for caller: Caller? = nil) throws -> AdmissionLimit? {
        do {
            _ = try admit(job, for: caller).get()
            return nil
        } catch GatewayError.limited(let job) { return job.limit }
    }

    private func seconds(_ job: VideoJob) throws -> Int? {
        do {
            _ = try admit(job).get()
            return nil
        } catch GatewayError.limited(let job) { return job.retryAfterSeconds }
    }

    /// Returns the limit of a job that is not admitted.
    private func askedLimit(_ job: VideoJob) throws -> AdmissionLimit? {
        let caller = studio
        let asked = world.run { gateway in try await gateway.limit(on: job, for: caller) }
        let result = try #require(asked.result)
        return try result.get()
    }

    private func spendIssue() throws -> ReadinessIssue? {
        let asked = world.run { gateway in await gateway.spendIssue() }
        let result = try #require(asked.result)
        return try result.get()
    }

    /// Lets the provider report that a running task failed.
    private func failOneAtProvider() {
        world.provider.report(.report(ProviderReport(.failed)))
        world.pass(.seconds(20))
    }

    private var day: SpendingPeriod { .day(of: world.clock.now()) }

    @Test func `a budget is used up by the prices of its period, and is full again in the next`() throws {
        try addClient { $0.budget = ClientBudget(microdollars: 1_300_000, per: .day) }
        #expect(try limit(job()) == nil)
        #expect(try limit(job()) == nil)
        let left = AdmissionLimit.Amount(limit: 1_300_000, left: 20_000, resets: day.end)
        #expect(try limit(job()) == .budget(left))
        #expect(try limit(job(20_000)) == nil)
        let untilMidnight = day.end - world.clock.now()
        #expect(try seconds(job()) == Int((untilMidnight + .milliseconds(999)).components.seconds))
        #expect(world.provider.created.count == 3)
        world.clock.advance(by: untilMidnight)
        #expect(try limit(job()) == nil)
    }

    @Test func `a job that failed for certain gives its price back`() throws {
        try addClient { $0.budget = ClientBudget(microdollars: 640_000, per: .month) }
        #expect(try limit(job()) == nil)
        #expect(try limit(job()) != nil)
        failOneAtProvider()
        #expect(try limit(job()) == nil)
    }

    @Test func `a job that is dearer than the whole budget is not told to wait`() throws {
        try addClient { $0.budget = ClientBudget(microdollars: 639_999, per: .day) }
        #expect(try limit(job()) != nil)
        #expect(try seconds(job()) == nil)
        world.gateway.replaceCeilings(with: SpendCeilings(day: 100))
        #expect(try seconds(job(100)) == nil, "admitted")
        #expect(try seconds(job(100)) != nil)
        #expect(try seconds(job(101)) == nil)
    }

    @Test func `another client's tasks and the gateway's own take nothing of a budget`() throws {
        try addClient { $0.budget = ClientBudget(microdollars: 640_000, per: .day) }
        for caller in [Caller.open, .operatorSocket(user: 0)] {
            #expect(try limit(job(), for: caller) == nil)
        }
        #expect(try limit(job()) == nil)
    }

    @Test func `a changed budget holds for the next job`() throws {
        try addClient { _ in }
        #expect(try limit(job()) == nil)
        try update { $0.budget = ClientBudget(microdollars: 640_000, per: .day) }
        #expect(try limit(job()) != nil)
        try update { $0.budget = ClientBudget(microdollars: 1_280_000, per: .day) }
        #expect(try limit(job()) == nil)
        try update { $0.budget = nil }
        #expect(try limit(job(nil)) == nil)
    }

    @Test func `a model without a price cannot be used with a budget or a ceiling`() throws {
        try addClient { $0.budget = ClientBudget(microdollars: 640_000, per: .day) }
        #expect(try limit(job(nil)) == .unpricedForBudget)
        #expect(try limit(job(nil), for: .open) == nil)
        world.gateway.replaceCeilings(with: SpendCeilings(job: 1_000_000))
        #expect(try limit(job(nil), for: .open) == .unpricedForCeiling)
        #expect(try seconds(job(nil)) == nil)
    }

    @Test func `a ceiling for one job refuses what is dearer`() throws {
        world.gateway.replaceCeilings(with: SpendCeilings(job: 640_000))
        #expect(try limit(job(), for: .open) == nil)
        #expect(try limit(job(640_001), for: .open) == .jobCeiling(microdollars: 640_000))
    }

    @Test func `open tasks and jobs of a day are limited by client`() throws {
        try addClient {
            $0.limits.inFlight = 2
            $0.limits.jobsPerDay = 3
        }
        for _ in 0..<2 { #expect(try limit(job()) == nil) }
        #expect(try limit(job()) == .inFlight(max: 2))
        #expect(try seconds(job()) == 45)
        failOneAtProvider()
        #expect(try limit(job()) == nil)
        failOneAtProvider()
        #expect(try limit(job()) == .jobsPerDay(max: 3, resets: day.end))
        #expect(try limit(job(), for: .open) == nil)
    }

    @Test func `a repeated job joins its task although the budget is used up`() throws {
        try addClient { $0.budget = ClientBudget(microdollars: 640_000, per: .day) }
        let claim = IdempotencyClaim(client: "studio", key: "k", fingerprint: "v2:1")
        let first = try admit(job(), claim: claim).get()
        try update { $0.budget = ClientBudget(microdollars: 0, per: .day) }
        let again = try admit(job(), claim: claim).get()
        #expect(again.replayed && again.record.id == first.record.id)
    }

    @Test func `what is reserved is counted after a restart`() throws {
        try addClient { $0.budget = ClientBudget(microdollars: 640_000, per: .day) }
        #expect(try limit(job()) == nil)
        world.restart()
        #expect(try limit(job()) != nil)
    }

    @Test func `the limit of a job is known without admitting it`() throws {
        try addClient { $0.budget = ClientBudget(microdollars: 640_000, per: .day) }
        let job = job()
        #expect(try askedLimit(job) == nil)
        #expect(try limit(job) == nil)
        #expect(try askedLimit(job) == .budget(.init(limit: 640_000, left: 0, resets: day.end)))
        #expect(world.store.durable.count == 1)
    }

    @Test func `the day's ceiling refuses jobs, warns and logs it once, until an operator resets it`() throws
    {
        world.gateway.replaceCeilings(with: SpendCeilings(day: 1_000_000))
        #expect(try limit(job(), for: .open) == nil)
        #expect(try spendIssue() == nil)
        let left = AdmissionLimit.Amount(limit: 1_000_000, left: 360_000, resets: day.end)
        for _ in 0..<2 { #expect(try limit(job(), for: .open) == .dayCeiling(left)) }
        let lines = world.log.lines.filter { $0.contains("spend ceiling of the day refuses jobs") }
        #expect(lines.count == 1)
        let issue = try spendIssue()
        #expect(issue?.code == "spend_ceiling")
        world.pass(.seconds(1))
        let resumed = try #require(world.run { try await $0.resumeSpending(for: .open) }.result)
        #expect(try resumed.get())
        #expect(try spendIssue() == nil)
        world.restart()
        world.gateway.replaceCeilings(with: SpendCeilings(day: 1_000_000))
        #expect(try limit(job(), for: .open) == nil)
        #expect(try limit(job(), for: .open) != nil)
    }

    @Test func `without a ceiling of the day there is nothing to reset`() throws {
        let resumed = try #require(world.run { try await $0.resumeSpending(for: .open) }.result)
        #expect(try !resumed.get())
    }
}
