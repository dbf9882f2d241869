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
            lines == ["studio req-7 submit admitted studio 960000 -", "open - submit admitted open 960000 -"])
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
        _ = harness.run { try await $0.clients.revoke("lab", for: .open) }
        _ = harness.run { try await $0.clients.revoke("nobody", for: .open) }
        #expect(
            lines == [
                "open - client_add done lab - role operator, valid tokens 1",
                "open - client_set done lab - role submitter, models veo, in_flight 3, "
                    + "budget 5000000 microdollars per day, weight 2",
                "open - client_revoke done lab - valid tokens 0",
            ])
        #expect(!lines.joined().contains(token.text))
    }

    @Test func `a reload of the key is recorded`() {
        harness.gateway.recordKeyReload(.failed, detail: "the current key is kept")
        harness.executor.runUntilIdle()
        #expect(lines == ["signal - key_reload failed - - the current key is kept"])
    }

    @Test func `refusals of a client are recorded up to the limit, then counted`() {
        refuse(RefusalTally.perMinute + 3, for: studio)
        refuse(1, for: .open)
        #expect(lines.count == RefusalTally.perMinute + 1)
        #expect(lines.first == "studio req-7 submit budget_exhausted studio 960000 model m")
        harness.pass(.seconds(60))
        refuse(1, for: studio)
        #expect(lines.last?.hasSuffix("model m; 3 refusals before it are not recorded") == true)
    }

    @Test func `a refusal that cannot be recorded is logged`() {
        harness.store.fail(with: .full("no space"))
        refuse(1, for: studio)
        #expect(lines.isEmpty)
        #expect(harness.log.lines.contains { $0.contains("an action is missing from the audit") })
    }

    private func refuse(_ count: Int, for caller: Caller) {
        let job = job
        for _ in 0..<count {
            _ = harness.run { await $0.recordRefusal(of: job, for: caller, code: "budget_exhausted") }
        }
    }
}
