import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// What the gateway records of its callers.
@Suite struct AuditTrailTests {
    private let harness = makeHarness { $0.maxInFlight = 1 }
    private let job = VideoJob(
        model: "m", payload: Array(#"{"prompt":"a secret garden"}"#.utf8), price: 960_000)

    private var studio: Caller {
        var caller = Caller(client: "studio", isOperator: false)
        caller.requestID = "req-7"
        return caller
    }

    private var lines: [String] { harness.store.auditRecords.map(Self.line) }

    private static func line(_ record: AuditRecord) -> String {
        [
            record.actor, record.requestID ?? "-", record.action.rawValue, record.decision.text,
            record.client ?? "-", record.price.map { "\($0)" } ?? "-", record.detail ?? "-",
        ]
        .joined(separator: " ")
    }

    private func submit(for caller: Caller) throws -> TaskID {
        let job = job
        return try #require(harness.run { try await $0.admit(job, for: caller) }.result).get().record.id
    }

    @Test func `a job is recorded once, whether it is sent at once or waits`() throws {
        let tasks = [try submit(for: studio), try submit(for: .open)]
        #expect(
            lines == [
                "studio req-7 submit admitted studio 960000 model m",
                "open - submit admitted open 960000 model m",
            ])
        #expect(harness.store.auditRecords.map(\.taskID) == tasks)
        #expect(harness.store.auditRecords.allSatisfy { $0.prompt == nil })
    }

    @Test func `prompts are recorded if the settings say it`() throws {
        let harness = makeHarness { $0.auditsPrompts = true }
        let job = job
        _ = harness.run { try await $0.admit(job, for: .open) }
        #expect(harness.store.auditRecords.map(\.prompt) == ["a secret garden"])
    }

    @Test func `a cancellation is recorded with who cancelled, one that is too late is not`() throws {
        let sent = try submit(for: studio)
        let waiting = try submit(for: studio)
        let user = Caller.operatorSocket(user: 1000)
        for id in [sent, waiting] { _ = harness.run { try await $0.cancel(id, for: user) } }
        #expect(lines.dropFirst(2) == ["socket:1000 - cancel done studio - -"])
        #expect(harness.store.auditRecords.last?.taskID == waiting)
    }

    @Test func `a settlement is recorded once, with the adopted provider task`() throws {
        harness.provider.respond(with: .unknown(LostReply("cut")))
        let id = try submit(for: studio)
        let settlement = TaskLifecycle.Settlement.adopt(ProviderTaskID("task-unified-1"))
        let boss = Caller(client: "boss", isOperator: true)
        for _ in 0..<2 { _ = harness.run { try await $0.settle(id, as: settlement, for: boss) } }
        #expect(lines.dropFirst() == ["boss - adopt done studio - provider task task-unified-1"])
    }

    @Test func `a change of a client is recorded with what differs, and without a token`() throws {
        let digest: @Sendable (ClientToken) -> TokenDigest = { token in
            guard let digest = TokenDigest(Array(token.text.utf8.prefix(32))) else {
                preconditionFailure("32 bytes")
            }
            return digest
        }
        let token = try #require(
            harness.run {
                try await $0.clients.add("lab", for: .open, { $0.role = .operator }, digest: digest)
            }
            .result
        ).get().1
        _ = harness.run {
            try await $0.clients.update("lab", for: .open) {
                $0.role = .submitter
                $0.models = ["veo"]
                $0.limits.inFlight = 3
                $0.budget = ClientBudget(microdollars: 5_000_000, per: .day)
                $0.weight = 2
            }
        }
        for _ in 0..<2 { _ = harness.run { try await $0.clients.revoke("lab", for: .open) } }
        _ = harness.run { try await $0.clients.update("lab", for: .open) { $0.weight = 2 } }
        _ = harness.run { try await $0.clients.revoke("nobody", for: .open) }
        #expect(
            lines == [
                "open - client_add done lab - role operator, valid tokens 1",
                "open - client_set done lab - role submitter, models veo, in_flight 3, "
                    + "budget $5.00 per day, weight 2",
                "open - client_revoke done lab - valid tokens 0",
            ])
        #expect(!lines.joined().contains(token.text))
    }

    @Test func `a reload of the key is recorded`() {
        harness.gateway.recordKeyReload(.failed, detail: "the current key is kept")
        harness.executor.runUntilIdle()
        #expect(lines == ["signal - key_reload failed - - the current key is kept"])
    }

    @Test func `a refusal has the quoted price in its text and none that was spent`() {
        refuse(1, for: studio)
        #expect(lines == ["studio req-7 submit budget_exhausted studio - model m, quoted at $0.96"])
    }

    @Test
    func `refusals are recorded up to the limit for each reason, and the others when the minute is over`() {
        refuse(AuditTally.perMinute + 3, for: studio)
        refuse(1, for: .open)
        refuse(1, for: studio, "too_many_tasks")
        #expect(lines.count == AuditTally.perMinute + 2)
        harness.pass(.seconds(59))
        #expect(lines.count == AuditTally.perMinute + 2)
        harness.pass(.seconds(1))
        let summary = "studio - submit budget_exhausted - - 3 more in one minute, not recorded one by one"
        #expect(lines.dropFirst(AuditTally.perMinute + 2) == [summary])
        refuse(AuditTally.perMinute + 1, for: studio)
        harness.pass(.seconds(60))
        #expect(lines.count == 2 * AuditTally.perMinute + 4)
        #expect(lines.last?.hasSuffix("1 more in one minute, not recorded one by one") == true)
    }

    @Test func `what was only counted is recorded when the gateway stops`() {
        refuse(AuditTally.perMinute + 2, for: studio)
        let stop = harness.run { await $0.stop(within: .seconds(1)) }
        harness.pass(.seconds(1))
        #expect(stop.result != nil)
        #expect(lines.count == AuditTally.perMinute + 1)
        #expect(lines.last?.hasSuffix("2 more in one minute, not recorded one by one") == true)
    }

    @Test func `a replacement of the spend ceilings is recorded with what they were`() {
        harness.gateway.reloadCeilings(SpendCeilings(job: 5_000_000))
        harness.gateway.reloadCeilings(SpendCeilings(day: 50_000_000))
        harness.executor.runUntilIdle()
        #expect(
            lines == [
                "signal - spend_set done - - job_usd $5.00, day_usd none; before: job_usd none, day_usd none",
                "signal - spend_set done - - job_usd none, day_usd $50.00; before: job_usd $5.00, "
                    + "day_usd none",
            ])
    }

    @Test func `the end of a spend pause is recorded with what had been used`() throws {
        harness.gateway.replaceCeilings(with: SpendCeilings(day: 1_000_000))
        _ = try submit(for: studio)
        _ = harness.run { try await $0.resumeSpending(for: .open) }
        #expect(
            lines.last == "open - resume done - - spend: $0.96 of $1.00 of the day's ceiling were used")
    }

    @Test func `a refusal that cannot be recorded is logged`() {
        harness.store.fail(with: .full("no space"))
        refuse(1, for: studio)
        #expect(lines.isEmpty)
        #expect(harness.log.lines.contains { $0.contains("an action is missing from the audit") })
    }

    private func refuse(_ count: Int, for caller: Caller, _ code: String = "budget_exhausted") {
        let job = job
        for _ in 0..<count {
            _ = harness.run { await $0.recordRefusal(of: job, for: caller, code: code) }
        }
    }
}
