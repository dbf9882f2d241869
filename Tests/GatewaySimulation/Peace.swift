import GatewayFakes
import VideoJobs

@testable import Gateway

extension Simulation {
    /// Faults stop, time passes, and everything has to end.
    func endInPeace() throws {
        note("calm")
        weather.calm()
        while phase != .serving { try peacefulStep() }
        for request in clients.takeUnanswered() { admit(request) }
        let end = clock.monotonic() + .seconds(3 * 86_400)
        while try !isOver() {
            guard clock.monotonic() < end, steps < 400_000 else {
                let open = unsettled.map { "\($0.id) \($0.state)" }
                throw Violation("never ends: \(open.joined(separator: ", "))")
            }
            try peacefulStep()
        }
        try checkEnd()
        try checkRetention()
    }

    /// All that still has to end. A job whose client was told that it failed, and who did not ask again, may
    /// wait for the next start.
    private var unsettled: [TaskRecord] {
        store.durable.filter { record in
            let isUnheard = record.version == 1 && invariants.tasks[record.id]?.isToldAdmitted == false
            return !isUnheard && (record.hasWorkLeft || record.state == .uncertain)
        }
    }

    private func peacefulStep() throws {
        if phase == .down { begin() } else { proceed() }
        try check()
    }

    private func isOver() throws -> Bool {
        // Looked at when something may have changed, which is seldom.
        guard life?.executor.runnable == 0, steps % 8 == 0 else { return false }
        let open = unsettled
        let unheard = clients.unheardSettlements
        if open.contains(where: { $0.state == .uncertain || unheard.contains($0.id) }) { settleSomething() }
        return open.isEmpty
    }

    private func checkEnd() throws {
        for record in store.durable {
            guard let watch = invariants.tasks[record.id], watch.newest == record else {
                throw Violation("\(record.id): the store holds what was never saved")
            }
            if record.state == .completed, !watch.isRemoved {
                let place = ArtifactID(task: record.id, index: 0)
                guard archive.places.contains(place) else { throw Violation("\(record.id): no video") }
            }
            try checkWorth(of: record)
        }
        let inFlight = store.durable.filter(\.state.isInFlight)
        guard inFlight.isEmpty else { throw Violation("still in flight: \(inFlight.map(\.id))") }
        // Of the store the gateway knows what its last use showed.
        let readinessIssues = life?.gateway.readinessIssues().filter { $0.code != "store_unavailable" } ?? []
        guard readinessIssues.isEmpty else {
            throw Violation("nothing goes wrong, and yet: \(readinessIssues)")
        }
    }

    /// What was paid for and was there to be had must be here.
    private func checkWorth(of record: TaskRecord) throws {
        guard record.state != .completed, let providerTaskID = record.providerTaskID,
            let task = provider.task(providerTaskID), task.ending == .video, task.forgotten == nil
        else { return }
        // How long it is asked about is known over a restart by the wall clock only.
        if hasJumped, record.failure?.code == "generation_timeout" { return }
        throw Violation(
            "\(record.id): \(providerTaskID) was made, and is \(record.state): \(record.failure?.code ?? "")")
    }

    /// What was promised to be kept no longer is removed in the end.
    private func checkRetention() throws {
        // A clock that lags makes it late, and one that hurries is not believed.
        guard !hasJumped, let keep = settings.keep else { return }
        let end = clock.monotonic() + keep + settings.retentionInterval * 3
        while clock.monotonic() < end { try peacefulStep() }
        guard archive.places.isEmpty else { throw Violation("\(archive.places.count) videos kept too long") }
    }

    /// An operator looks at an uncertain task, asks the provider's own records what runs there, and decides.
    func settleSomething() {
        let unheard = clients.unheardSettlements
        let choice = store.durable.filter { $0.state == .uncertain || unheard.contains($0.id) }
        guard !choice.isEmpty else { return }
        let record = choice[random.number(0...(choice.count - 1))]
        let taken = Set(store.durable.compactMap(\.providerTaskID))
        let providerTaskID = provider.tasks(of: record.id).first { !taken.contains($0) }
        let isCareless = random.number(0...3) == 0
        let settlement: TaskLifecycle.Settlement =
            if let providerTaskID, !isCareless { .adopt(providerTaskID) } else if isCareless { .dismiss } else
            { .resubmit }
        note("operator: \(record.id) \(settlement)")
        clients.askToSettle()
        life?.call { gateway, log in
            let outcome = try? await gateway.settle(record.id, as: settlement)
            log.add(.settlement(record.id, isReceived: outcome != nil))
            if case .settled(let view)? = outcome { log.add(.record(view.record)) }
        }
    }
}
