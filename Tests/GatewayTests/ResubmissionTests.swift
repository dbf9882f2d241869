import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// The money of jobs that an operator has sent again.
@Suite struct ResubmissionTests {
    private let world = GatewayHarness()
    private let studio = Caller(client: "studio", isOperator: false)
    private let boss = Caller(client: "boss", isOperator: true)
    private let price: Int64 = 640_000

    init() throws {
        let added = world.run { gateway in
            try await gateway.clients.add("studio", for: .open, { _ in }) { _ in
                guard let digest = TokenDigest([UInt8](repeating: 1, count: 32)) else {
                    preconditionFailure("32 bytes")
                }
                return digest
            }
        }
        _ = try #require(added.result).get()
    }

    private func setBudget(_ microdollars: Int64) throws {
        let updated = world.run {
            try await $0.clients.update("studio", for: .open) {
                $0.budget = ClientBudget(microdollars: microdollars, per: .day)
            }
        }
        _ = try #require(updated.result).get()
    }

    /// Admits a job whose reply is lost.
    private func uncertain() throws -> TaskID {
        world.provider.respond(with: .unknown(LostReply("cut")))
        let id = try admit()
        try #require(world.state(id) == .uncertain)
        return id
    }

    private func admit() throws -> TaskID {
        let (job, studio) = (VideoJob(model: "m", payload: [7], price: price), studio)
        return try #require(world.run { try await $0.admit(job, for: studio) }.result).get().record.id
    }

    /// Settles a task. Returns the limit that prevents it.
    private func limit(_ settlement: TaskLifecycle.Settlement, _ id: TaskID) throws -> LimitedJob? {
        let boss = boss
        do {
            let asked = world.run { try await $0.settle(id, as: settlement, for: boss) }
            let outcome = try #require(asked.result).get()
            guard case .settled? = outcome else { throw NotSettledError() }
            return nil
        } catch GatewayError.limited(let job) { return job }
    }

    private struct NotSettledError: Error {}

    private func consumption(since period: SpendingPeriod) throws -> Int64 {
        let asked = world.run { [store = world.store] _ in
            try await store.consumption(of: "studio", since: period.start)
        }
        return try #require(asked.result).get()
    }

    private var day: SpendingPeriod { .day(of: world.clock.now()) }

    @Test func `a resubmission needs room in the client's budget, which holds the first submission too`()
        throws
    {
        let id = try uncertain()
        try setBudget(2 * price - 1)
        let limited = try limit(.resubmit, id)
        #expect(limited?.limit == .budget(.init(limit: 2 * price - 1, left: price - 1, resets: day.end)))
        #expect(limited?.client == "studio" && limited?.price == price)
        #expect(limited?.retryAfterSeconds != nil)
        #expect(try world.state(id) == .uncertain)
        #expect(world.provider.created == [id])
        #expect(world.store.auditRecords.allSatisfy { $0.action != .resubmit || $0.decision != .done })
        try setBudget(2 * price)
        #expect(try limit(.resubmit, id) == nil)
        #expect(world.provider.created == [id, id])
        #expect(try consumption(since: day) == 2 * price)
        #expect(throws: GatewayError.self) { try admit() }
    }

    @Test func `a resubmission keeps the gateway's ceilings, until an operator resets the day's`() throws {
        let id = try uncertain()
        world.gateway.replaceCeilings(with: SpendCeilings(job: price - 1))
        #expect(try limit(.resubmit, id)?.limit == .jobCeiling(microdollars: price - 1))
        world.gateway.replaceCeilings(with: SpendCeilings(day: price))
        #expect(
            try limit(.resubmit, id)?.limit
                == .dayCeiling(.init(limit: price, left: 0, resets: day.end)))
        #expect(world.log.lines.contains { $0.contains("spend ceiling of the day refuses jobs") })
        world.pass(.seconds(1))
        _ = world.run { try await $0.resumeSpending(for: .open) }
        #expect(try limit(.resubmit, id) == nil)
        // The resubmission counts for the rest of the day.
        #expect(throws: GatewayError.self) { try admit() }
    }

    @Test func `a resubmission on another day takes that day's money, and only one price of it`() throws {
        try setBudget(price)
        let id = try uncertain()
        #expect(try limit(.resubmit, id) != nil)
        let first = day
        world.pass(day.end - world.clock.now())
        #expect(try limit(.resubmit, id) == nil)
        #expect(try consumption(since: day) == price)
        #expect(try consumption(since: first) == 2 * price)
        #expect(throws: GatewayError.self) { try admit() }
        world.restart()
        #expect(throws: GatewayError.self) { try admit() }
    }

    @Test func `a job without a price is not sent again for a client with a budget`() throws {
        world.provider.respond(with: .unknown(LostReply("cut")))
        let studio = studio
        let admitted = world.run { try await $0.admit(VideoJob(model: "m", payload: [7]), for: studio) }
        let id = try #require(admitted.result).get().record.id
        try setBudget(price)
        #expect(try limit(.resubmit, id)?.limit == .unpricedForBudget)
    }

    @Test func `a dismissal of the ended task frees what its earlier submission held, once`() throws {
        let id = try uncertain()
        #expect(try limit(.resubmit, id) == nil)
        #expect(throws: NotSettledError.self) { try limit(.dismiss, id) }
        world.provider.report(.report(ProviderReport(.failed)))
        world.pass(.seconds(60))
        #expect(try world.state(id) == .failed)
        #expect(try consumption(since: day) == price)
        #expect(try limit(.dismiss, id) == nil)
        #expect(try consumption(since: day) == 0)
        #expect(try world.record(id).failure?.code != "dismissed")
        #expect(throws: NotSettledError.self) { try limit(.dismiss, id) }
        let records = world.store.auditRecords.filter { $0.action == .dismiss }
        #expect(records.map(\.detail) == ["a held price of $0.64 is freed"])
    }
}
