import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// The settlement of uncertain tasks by an operator.
@Suite struct SettlementTests {
    private typealias Outcome = SettlementOutcome

    private func settle(
        _ id: TaskID, as settlement: TaskLifecycle.Settlement, in harness: GatewayHarness
    ) throws -> Outcome? {
        try harness.run { try await $0.settle(id, as: settlement) }.result?.get()
    }

    /// Returns a task whose reply was lost.
    private func uncertain(in harness: GatewayHarness) throws -> TaskID {
        harness.provider.respond(with: .unknown(LostReply("cut", bytesSent: 9)))
        let id = try harness.admit().record.id
        try #require(try harness.state(id) == .uncertain)
        return id
    }

    @Test func `an adopted task is polled at once and archived without another POST`() throws {
        let harness = makeHarness()
        let id = try uncertain(in: harness)
        harness.provider.report(.report(ProviderReport(.processing)), done)
        let outcome = try settle(id, as: .adopt(ProviderTaskID("x-1")), in: harness)
        guard case .settled(let view)? = outcome else { Issue.record("\(outcome as Any)"); return }
        #expect(view.record.providerTaskID == ProviderTaskID("x-1"))
        // No time has passed.
        #expect(try harness.state(id) == .completed)
        #expect(harness.provider.polled == ["x-1", "x-1"].map { ProviderTaskID($0) })
        #expect(harness.provider.created == [id])
        #expect(try harness.record(id).failure == nil)
    }

    @Test func `an adopted task occupies a slot, and a dismissed one releases none`() throws {
        let harness = makeHarness { $0.maxInFlight = 2 }
        let dismissed = try uncertain(in: harness)
        let adopted = try uncertain(in: harness)
        // Two lost replies in a row delay further submissions.
        harness.pass(.seconds(60))
        _ = try settle(adopted, as: .adopt(ProviderTaskID("x-1")), in: harness)
        let second = try harness.admit().record.id
        let waiting = try harness.admit().record.id
        #expect(try harness.state(second) == .running)
        #expect(try harness.state(waiting) == .queued)
        // One of the two ends and releases its slot.
        harness.provider.report(.report(ProviderReport(.failed)))
        harness.pass(.seconds(60))
        #expect(try [adopted, second].filter { try harness.state($0) == .failed }.count == 1)
        #expect(try harness.state(waiting) == .running)
        let last = try harness.admit().record.id
        _ = try settle(dismissed, as: .dismiss, in: harness)
        #expect(try harness.state(last) == .queued)
    }

    @Test func `a dismissed task has failed and is not polled`() throws {
        let harness = makeHarness()
        let id = try uncertain(in: harness)
        guard case .settled? = try settle(id, as: .dismiss, in: harness) else {
            Issue.record("not settled")
            return
        }
        harness.pass(.seconds(3600))
        #expect(try harness.record(id).failure?.code == "dismissed")
        #expect(harness.provider.polled.isEmpty)
        #expect(harness.provider.created == [id])
    }

    @Test func `a resubmitted task is sent with its stored payload, also after a restart`() throws {
        let harness = makeHarness()
        let id = try uncertain(in: harness)
        harness.restart()
        guard case .settled? = try settle(id, as: .resubmit, in: harness) else {
            Issue.record("not settled")
            return
        }
        #expect(try harness.state(id) == .running)
        #expect(try harness.record(id).attempts == 2)
        #expect(harness.provider.created == [id, id])
        #expect(harness.provider.payloads == [[7], [7]])
        harness.provider.report(done)
        harness.pass(.seconds(120))
        #expect(try harness.state(id) == .completed)
    }

    @Test func `a resubmitted task waits in the queue and can be cancelled`() throws {
        let harness = makeHarness { $0.maxInFlight = 1 }
        let id = try uncertain(in: harness)
        _ = try harness.admit()
        _ = try settle(id, as: .resubmit, in: harness)
        #expect(try harness.run { try await $0.task(id.text)?.queueStatus?.position }.result?.get() == 1)
        _ = harness.run { try await $0.cancel(id) }
        #expect(try harness.state(id) == .cancelled)
        harness.provider.report(done)
        harness.pass(.seconds(120))
        #expect(harness.provider.created.filter { $0 == id }.count == 1)
    }

    @Test func `a task that is not uncertain cannot be settled`() throws {
        let harness = makeHarness()
        let id = try uncertain(in: harness)
        _ = try settle(id, as: .dismiss, in: harness)
        let running = try harness.admit().record.id
        for (id, state) in [(id, TaskState.failed), (running, .running)] {
            for settlement in [.dismiss, .resubmit, .adopt(ProviderTaskID("x"))]
                as [TaskLifecycle.Settlement]
            {
                guard case .notUncertain(let view)? = try settle(id, as: settlement, in: harness) else {
                    Issue.record("\(settlement) of a task that is \(state)")
                    continue
                }
                #expect(view.record.state == state)
            }
        }
        #expect(harness.provider.polled.isEmpty, "the provider is not asked for nothing")
        #expect(harness.provider.created == [id, running])
        #expect(try settle(TaskID("none"), as: .dismiss, in: harness) == nil)
    }

    @Test func `a provider task that cannot be confirmed is not adopted`() throws {
        let harness = makeHarness()
        let id = try uncertain(in: harness)
        let wait = Duration.seconds(7)
        harness.provider.report(
            .notKnown(message: "no"), .unavailable(message: "down", retryAfter: wait),
            .credentialsRejected(message: "key"))
        for expected: AdoptionIssue in [
            .notKnown(message: "no"), .notAsked(.providerUnreachable, message: "down", retryAfter: wait),
            .notAsked(.credentialsRejected, message: "key", retryAfter: nil),
        ] {
            guard
                case .refused(let refusal)? = try settle(id, as: .adopt(ProviderTaskID("x")), in: harness)
            else {
                Issue.record("adopted in spite of \(expected)")
                return
            }
            #expect(refusal == expected)
        }
        #expect(try harness.state(id) == .uncertain)
        guard case .settled? = try settle(id, as: .adopt(ProviderTaskID("x")), in: harness) else {
            Issue.record("a refused settlement must not prevent the next one")
            return
        }
    }

    @Test func `a provider task is adopted by one task only`() throws {
        let harness = makeHarness()
        let running = try harness.admit().record.id
        let ids = [try uncertain(in: harness), try uncertain(in: harness)]
        let otherID = ProviderTaskID("provider-\(running)")
        guard case .refused(.taken(by: running))? = try settle(ids[0], as: .adopt(otherID), in: harness)
        else {
            Issue.record("took over another task's video")
            return
        }
        // The poll for the first adoption is in flight when the second begins.
        harness.provider.holdPolls()
        let both = ids.map { id in
            harness.run { try await $0.settle(id, as: .adopt(ProviderTaskID("x"))) }
        }
        guard case .refused(.taken(by: nil))? = try both[1].result?.get() else {
            Issue.record("asked the provider for both")
            return
        }
        harness.provider.release()
        harness.executor.runUntilIdle()
        #expect(try both.filter { try $0.result?.get()?.isSettled == true }.count == 1)
        #expect(try ids.filter { try harness.state($0) == .running }.count == 1)
    }

    @Test func `a task that gets the provider id while another adopts it keeps the id`() throws {
        let harness = makeHarness()
        let id = try uncertain(in: harness)
        harness.provider.holdPolls()
        let adoption = harness.run { try await $0.settle(id, as: .adopt(ProviderTaskID("x"))) }
        harness.provider.respond(with: .accepted(ProviderTaskID("x"), ProviderReport(.pending)))
        let other = try harness.admit().record.id
        harness.provider.release()
        harness.executor.runUntilIdle()
        guard case .refused(.taken(by: other))? = try adoption.result?.get() else {
            Issue.record("took over another task's video")
            return
        }
        #expect(try harness.state(id) == .uncertain)
    }

    @Test func `of concurrent settlements of one task, one wins`() throws {
        let harness = makeHarness()
        let id = try uncertain(in: harness)
        harness.provider.holdPolls()
        let adoptions = ["x-1", "x-2"].map { text in
            harness.run { try await $0.settle(id, as: .adopt(ProviderTaskID(text))) }
        }
        let faster = harness.run { try await $0.settle(id, as: .resubmit) }
        harness.provider.release()
        harness.executor.runUntilIdle()
        #expect(try faster.result?.get()?.isSettled == true)
        for adoption in adoptions {
            guard case .notUncertain(let view)? = try adoption.result?.get() else {
                Issue.record("settled twice")
                continue
            }
            #expect(view.record.providerTaskID == ProviderTaskID("provider-\(id)"))
        }
        #expect(harness.provider.created == [id, id])
    }

    @Test func `a lost submission that ends late does not release the slot of the resubmitted task`() throws {
        let harness = makeHarness { $0.maxInFlight = 1 }
        let id = try uncertain(in: harness)
        let lost = try harness.record(id)
        _ = try settle(id, as: .resubmit, in: harness)
        #expect(try harness.state(id) == .running)
        harness.gateway.services.submissions.reconcile(lost, .nothing, after: nil)
        let next = try harness.admit().record.id
        #expect(try harness.state(next) == .queued)
    }

    @Test func `a failed store write settles nothing`() throws {
        let harness = makeHarness()
        let id = try uncertain(in: harness)
        harness.store.fail(with: .full("the disk is full"))
        let failed = harness.run { try await $0.settle(id, as: .resubmit) }
        #expect(throws: GatewayError.store(.full("the disk is full"))) { try failed.result?.get() }
        harness.store.fail(with: nil)
        #expect(try harness.state(id) == .uncertain)
        #expect(harness.provider.created == [id])
    }
}

extension SettlementOutcome {
    fileprivate var isSettled: Bool { if case .settled = self { true } else { false } }
}
