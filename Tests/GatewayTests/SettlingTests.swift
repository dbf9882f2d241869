import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// The desk at which a person settles what became of a lost reply.
@Suite struct SettlingTests {
    private typealias Outcome = SettlementOutcome

    private func settle(
        _ id: TaskID, as settlement: TaskLifecycle.Settlement, in world: World
    ) throws -> Outcome? {
        try world.run { try await $0.settle(id, as: settlement) }.result?.get()
    }

    /// Loses the reply to a job's POST.
    private func uncertain(in world: World) throws -> TaskID {
        world.provider.answer(.unknown(LostReply("cut", bytesSent: 9)))
        let id = try world.admit().record.id
        try #require(try world.state(id) == .uncertain)
        return id
    }

    @Test func `an adopted task is asked about at once, and its video kept, without another POST`() throws {
        let world = makeWorld()
        let id = try uncertain(in: world)
        world.provider.report(.report(ProviderReport(.processing)), done)
        let outcome = try settle(id, as: .adopt(ProviderTaskID("x-1")), in: world)
        guard case .settled(let view)? = outcome else { Issue.record("\(outcome as Any)"); return }
        #expect(view.record.providerTaskID == ProviderTaskID("x-1"))
        // No time has passed.
        #expect(try world.state(id) == .completed)
        #expect(world.provider.polled == ["x-1", "x-1"].map { ProviderTaskID($0) })
        #expect(world.provider.created == [id])
        #expect(try world.record(id).failure == nil)
    }

    @Test func `an adopted task has a place at the provider, and a dismissed one frees none`() throws {
        let world = makeWorld { $0.maxInFlight = 2 }
        let dismissed = try uncertain(in: world)
        let adopted = try uncertain(in: world)
        // Two lost replies in a row slow down what follows.
        world.pass(.seconds(60))
        _ = try settle(adopted, as: .adopt(ProviderTaskID("x-1")), in: world)
        let second = try world.admit().record.id
        let waiting = try world.admit().record.id
        #expect(try world.state(second) == .running)
        #expect(try world.state(waiting) == .queued)
        // One of the two ends, and gives its place to the next.
        world.provider.report(.report(ProviderReport(.failed)))
        world.pass(.seconds(60))
        #expect(try [adopted, second].filter { try world.state($0) == .failed }.count == 1)
        #expect(try world.state(waiting) == .running)
        let last = try world.admit().record.id
        _ = try settle(dismissed, as: .dismiss, in: world)
        #expect(try world.state(last) == .queued)
    }

    @Test func `a dismissed task has failed and is not asked about`() throws {
        let world = makeWorld()
        let id = try uncertain(in: world)
        guard case .settled? = try settle(id, as: .dismiss, in: world) else {
            Issue.record("not settled")
            return
        }
        world.pass(.seconds(3600))
        #expect(try world.record(id).failure?.code == "dismissed")
        #expect(world.provider.polled.isEmpty)
        #expect(world.provider.created == [id])
    }

    @Test func `a task is sent again with what the store holds, after a restart too`() throws {
        let world = makeWorld()
        let id = try uncertain(in: world)
        world.restart()
        guard case .settled? = try settle(id, as: .resubmit, in: world) else {
            Issue.record("not settled")
            return
        }
        #expect(try world.state(id) == .running)
        #expect(try world.record(id).attempts == 2)
        #expect(world.provider.created == [id, id])
        #expect(world.provider.payloads == [[7], [7]])
        world.provider.report(done)
        world.pass(.seconds(120))
        #expect(try world.state(id) == .completed)
    }

    @Test func `a task to be sent again waits its turn and can be withdrawn`() throws {
        let world = makeWorld { $0.maxInFlight = 1 }
        let id = try uncertain(in: world)
        _ = try world.admit()
        _ = try settle(id, as: .resubmit, in: world)
        #expect(try world.run { try await $0.task(id.text)?.standing?.position }.result?.get() == 1)
        _ = world.run { try await $0.cancel(id) }
        #expect(try world.state(id) == .cancelled)
        world.provider.report(done)
        world.pass(.seconds(120))
        #expect(world.provider.created.filter { $0 == id }.count == 1)
    }

    @Test func `what is settled, or never was uncertain, is not settled again`() throws {
        let world = makeWorld()
        let id = try uncertain(in: world)
        _ = try settle(id, as: .dismiss, in: world)
        let running = try world.admit().record.id
        for (id, state) in [(id, TaskState.failed), (running, .running)] {
            for settlement in [.dismiss, .resubmit, .adopt(ProviderTaskID("x"))]
                as [TaskLifecycle.Settlement]
            {
                guard case .notUncertain(let view)? = try settle(id, as: settlement, in: world) else {
                    Issue.record("\(settlement) of a task that is \(state)")
                    continue
                }
                #expect(view.record.state == state)
            }
        }
        #expect(world.provider.polled.isEmpty, "the provider is not asked for nothing")
        #expect(world.provider.created == [id, running])
        #expect(try settle(TaskID("none"), as: .dismiss, in: world) == nil)
    }

    @Test func `a task that the provider does not know, or cannot tell of, is not adopted`() throws {
        let world = makeWorld()
        let id = try uncertain(in: world)
        let wait = Duration.seconds(7)
        world.provider.report(
            .notKnown(message: "no"), .unavailable(message: "down", retryAfter: wait),
            .credentialsRejected(message: "key"))
        for expected: AdoptionIssue in [
            .notKnown(message: "no"), .notAsked(.providerUnreachable, message: "down", retryAfter: wait),
            .notAsked(.credentialsRejected, message: "key", retryAfter: nil),
        ] {
            guard
                case .refused(let refusal)? = try settle(id, as: .adopt(ProviderTaskID("x")), in: world)
            else {
                Issue.record("adopted in spite of \(expected)")
                return
            }
            #expect(refusal == expected)
        }
        #expect(try world.state(id) == .uncertain)
        guard case .settled? = try settle(id, as: .adopt(ProviderTaskID("x")), in: world) else {
            Issue.record("a refusal must not stand in the way of the next try")
            return
        }
    }

    @Test func `one of the provider's tasks never becomes two of ours`() throws {
        let world = makeWorld()
        let running = try world.admit().record.id
        let ids = [try uncertain(in: world), try uncertain(in: world)]
        let theirs = ProviderTaskID("theirs-\(running)")
        guard case .refused(.taken(by: running))? = try settle(ids[0], as: .adopt(theirs), in: world) else {
            Issue.record("took over another task's video")
            return
        }
        // The first is still with the provider when the second comes.
        world.provider.holdPolls()
        let both = ids.map { id in
            world.run { try await $0.settle(id, as: .adopt(ProviderTaskID("x"))) }
        }
        guard case .refused(.taken(by: nil))? = try both[1].result?.get() else {
            Issue.record("asked the provider for both")
            return
        }
        world.provider.release()
        world.executor.runUntilIdle()
        #expect(try both.filter { try $0.result?.get()?.isSettled == true }.count == 1)
        #expect(try ids.filter { try world.state($0) == .running }.count == 1)
    }

    @Test func `a job that becomes the provider's task meanwhile keeps it`() throws {
        let world = makeWorld()
        let id = try uncertain(in: world)
        world.provider.holdPolls()
        let adoption = world.run { try await $0.settle(id, as: .adopt(ProviderTaskID("x"))) }
        world.provider.answer(.accepted(ProviderTaskID("x"), ProviderReport(.pending)))
        let other = try world.admit().record.id
        world.provider.release()
        world.executor.runUntilIdle()
        guard case .refused(.taken(by: other))? = try adoption.result?.get() else {
            Issue.record("took over another task's video")
            return
        }
        #expect(try world.state(id) == .uncertain)
    }

    @Test func `of several who settle one task at once, one wins`() throws {
        let world = makeWorld()
        let id = try uncertain(in: world)
        world.provider.holdPolls()
        let adoptions = ["x-1", "x-2"].map { theirs in
            world.run { try await $0.settle(id, as: .adopt(ProviderTaskID(theirs))) }
        }
        let faster = world.run { try await $0.settle(id, as: .resubmit) }
        world.provider.release()
        world.executor.runUntilIdle()
        #expect(try faster.result?.get()?.isSettled == true)
        for adoption in adoptions {
            guard case .notUncertain(let view)? = try adoption.result?.get() else {
                Issue.record("settled twice")
                continue
            }
            #expect(view.record.providerTaskID == ProviderTaskID("theirs-\(id)"))
        }
        #expect(world.provider.created == [id, id])
    }

    @Test func `a lost submission that ends late does not free the place of the task sent again`() throws {
        let world = makeWorld { $0.maxInFlight = 1 }
        let id = try uncertain(in: world)
        let lost = try world.record(id)
        _ = try settle(id, as: .resubmit, in: world)
        #expect(try world.state(id) == .running)
        world.gateway.services.submissions.reconcile(lost, .nothing, after: nil)
        let next = try world.admit().record.id
        #expect(try world.state(next) == .queued)
    }

    @Test func `a store that fails settles nothing`() throws {
        let world = makeWorld()
        let id = try uncertain(in: world)
        world.store.fail(with: .full("the disk is full"))
        let failed = world.run { try await $0.settle(id, as: .resubmit) }
        #expect(throws: GatewayError.store(.full("the disk is full"))) { try failed.result?.get() }
        world.store.fail(with: nil)
        #expect(try world.state(id) == .uncertain)
        #expect(world.provider.created == [id])
    }
}

extension SettlementOutcome {
    fileprivate var isSettled: Bool { if case .settled = self { true } else { false } }
}
