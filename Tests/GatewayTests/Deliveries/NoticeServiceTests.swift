import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// Notices of halts and of budgets, which are about no task.
@Suite struct NoticeServiceTests {
    private let harness = makeHarness { $0.maxInFlight = 100 }
    private let studio = Caller(client: "studio", isOperator: false)
    private let rejected = SubmissionVerdict.blocked(
        .credentialsRejected, retryAfter: nil, message: "HTTP 401: who")

    init() { harness.notices.add("a.url") }

    /// The notices that are about no task.
    private var words: [String] {
        harness.notices.sent.map { String(decoding: $0.body, as: UTF8.self) }.filter {
            $0.hasPrefix("paused") || $0.hasPrefix("budget")
        }
    }

    private func addClient(budget: Int64) throws {
        let added = harness.run { gateway in
            try await gateway.clients.add(
                "studio", for: .open, { $0.budget = ClientBudget(microdollars: budget, per: .day) },
                digest: { _ in
                    guard let digest = TokenDigest([UInt8](repeating: 1, count: 32)) else {
                        preconditionFailure("32 bytes")
                    }
                    return digest
                })
        }
        _ = try #require(added.result).get()
    }

    private func setBudget(_ budget: Int64) throws {
        let updated = harness.run { gateway in
            try await gateway.clients.update("studio", for: .open) {
                $0.budget = ClientBudget(microdollars: budget, per: .day)
            }
        }
        _ = try #require(updated.result).get()
    }

    /// Submits a job of 0.40 dollars, which may be refused.
    private func submit(_ caller: Caller? = nil) {
        let caller = caller ?? studio
        let job = VideoJob(model: "m", payload: Array("{}".utf8), price: 400_000)
        _ = harness.run { try await $0.admit(job, for: caller) }
    }

    @Test func `a rejected key is reported once, and again after it was accepted`() throws {
        for _ in 0..<9 { harness.provider.respond(with: rejected) }
        for _ in 0..<3 { _ = try harness.admit() }
        #expect(words == ["paused credentials"])
        harness.pass(.seconds(1200))
        #expect(words.count == 1)
        harness.restart()
        harness.pass(.seconds(1200))
        #expect(words.count == 1)
        while harness.provider.created.count < 12 { harness.pass(.seconds(600)) }
        #expect(harness.gateway.readinessIssues().isEmpty)
        for _ in 0..<2 { harness.provider.respond(with: rejected) }
        _ = try harness.admit()
        harness.pass(.seconds(60))
        #expect(words == ["paused credentials", "paused credentials"])
    }

    @Test func `a key that was replaced and is rejected again is reported again`() throws {
        for _ in 0..<3 { harness.provider.respond(with: rejected) }
        _ = try harness.admit()
        _ = harness.run { $0.credentialsReplaced() }
        harness.pass(.seconds(60))
        #expect(words == ["paused credentials", "paused credentials"])
    }

    @Test func `what blocks jobs for a while is not reported`() throws {
        harness.provider.respond(with: .blocked(.rateLimited, retryAfter: .seconds(5), message: "busy"))
        harness.provider.respond(
            with: .blocked(.providerUnreachable, retryAfter: .seconds(5), message: "down"))
        _ = try harness.admit()
        harness.pass(.seconds(300))
        #expect(words.isEmpty)
    }

    @Test func `a halt is reported when the store works again`() throws {
        harness.provider.respond(with: rejected)
        harness.provider.respond(with: rejected)
        _ = try harness.admit()
        harness.store.fail(with: .unavailable("the disk failed"), reads: false)
        harness.pass(.seconds(20))
        harness.store.fail(with: nil)
        harness.pass(.seconds(60))
        #expect(words == ["paused credentials"])
    }

    @Test func `80 percent of a budget are reported once, also after a restart`() throws {
        try addClient(budget: 1_000_000)
        submit()
        #expect(words.isEmpty)
        submit()
        #expect(words == ["budget studio 800000 of 1000000"])
        submit()
        harness.restart()
        harness.pass(.seconds(60))
        #expect(words.count == 1)
        try setBudget(900_000)
        #expect(words.count == 1)
        try setBudget(2_000_000)
        submit()
        #expect(words.count == 1)
        submit()
        #expect(words == ["budget studio 800000 of 1000000", "budget studio 1600000 of 2000000"])
        harness.pass(.seconds(86_400))
        submit()
        submit()
        #expect(words.count == 2)
        submit()
        submit()
        #expect(words.last == "budget studio 1600000 of 2000000" && words.count == 3)
    }

    @Test func `the ceiling of the day is reported at 80 percent, and when it refuses jobs`() throws {
        _ = harness.run { $0.replaceCeilings(with: SpendCeilings(day: 1_000_000)) }
        submit(.open)
        submit(.open)
        #expect(words == ["budget all 800000 of 1000000"])
        submit(.open)
        submit(.open)
        #expect(words == ["budget all 800000 of 1000000", "paused spend"])
        _ = harness.run { try await $0.resumeSpending(for: .open) }
        harness.pass(.seconds(1))
        for _ in 0..<4 { submit(.open) }
        #expect(words.count == 4)
    }

    @Test func `nothing is stored while nobody wants to know`() throws {
        let silent = makeHarness()
        silent.provider.respond(with: rejected)
        let before = silent.store.sequence
        _ = try silent.admit()
        silent.pass(.seconds(5))
        silent.notices.add("a.url")
        _ = silent.run { $0.noticesReplaced() }
        #expect(silent.notices.sent.count == 1)
        #expect(silent.store.sequence > before)
    }

    @Test func `a restored store is reported once, also after a restart`() throws {
        let restored = makeHarness(marks: [MemoryMark()])
        restored.notices.add("a.url")
        restored.provider.respond(
            with: .notAccepted(.providerUnreachable, retryAfter: nil, message: "no route"))
        _ = try restored.admit()
        let backup = restored.store.backup
        restored.pass(.seconds(60))
        backup(restored.store)
        restored.restart()
        restored.pass(.seconds(40))
        restored.restart()
        restored.pass(.seconds(40))
        let reports = restored.notices.sent.map(\.target.event)
        #expect(reports.count { $0 == .paused } == 1)
    }
}
