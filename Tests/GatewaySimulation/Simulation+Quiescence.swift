import GatewayFakes
import VideoJobs

@testable import Gateway

extension Simulation {
    /// Stops the faults and runs until every task has ended. Throws if one never ends.
    func reachQuiescence() throws {
        note("no more faults")
        faults.disable()
        while phase != .serving { try faultlessStep() }
        for request in clients.takeRepeatedRequests() { admit(request) }
        let end = clock.monotonic() + .seconds(3 * 86_400)
        while try !isOver() {
            guard clock.monotonic() < end, steps < 400_000 else {
                let open = unsettled.map { "\($0.id) \($0.state)" }
                throw InvariantError("not ended: \(open.joined(separator: ", "))")
            }
            try faultlessStep()
        }
        try checkEnd()
        try checkRetention()
    }

    /// Tasks that still have to end. A job whose client received an error and did not repeat the request may
    /// wait for the next start.
    private var unsettled: [TaskRecord] {
        store.durable.filter { record in
            let isUnreported =
                record.version == 1 && invariants.tasks[record.id]?.isAdmissionReported == false
            return !isUnreported && (record.hasWorkLeft || record.state == .uncertain)
        }
    }

    private func faultlessStep() throws {
        if phase == .down { begin() } else { proceed() }
        try check()
    }

    private func isOver() throws -> Bool {
        // Checked rarely, and only when the process is idle.
        guard process?.executor.runnable == 0, steps % 8 == 0 else { return false }
        let open = unsettled
        let unconfirmed = clients.unconfirmedSettlements
        if open.contains(where: { $0.state == .uncertain || unconfirmed.contains($0.id) }) { settleOneTask() }
        return open.isEmpty && store.allDeliveries.allSatisfy { $0.next == nil }
    }

    private func checkEnd() throws {
        for record in store.durable {
            guard let watch = invariants.tasks[record.id], watch.newest == record else {
                throw InvariantError("\(record.id): the store has a change that was never saved")
            }
            if record.state == .completed, !watch.isRemoved {
                let artifact = ArtifactID(task: record.id, index: 0)
                guard archive.artifacts.contains(artifact) else {
                    throw InvariantError("\(record.id): no video")
                }
            }
            try checkPaidResult(of: record)
        }
        try invariants.checkDeliveries(store.allDeliveries, acceptances: receiver.acceptances)
        let inFlight = store.durable.filter(\.state.isInFlight)
        guard inFlight.isEmpty else { throw InvariantError("still in flight: \(inFlight.map(\.id))") }
        // The gateway reports the store by its last use.
        let readinessIssues =
            process?.gateway.readinessIssues().filter { $0.code != "store_unavailable" } ?? []
        guard readinessIssues.isEmpty else {
            throw InvariantError("not ready without faults: \(readinessIssues)")
        }
    }

    /// Checks that a result that was paid for and available is archived.
    private func checkPaidResult(of record: TaskRecord) throws {
        guard record.state != .completed, let providerTaskID = record.providerTaskID,
            let task = provider.task(providerTaskID), task.ending == .video, task.forgotten == nil
        else { return }
        // After a restart the poll deadline depends on the wall clock.
        if hasJumped, record.failure?.code == "generation_timeout" { return }
        let code = record.failure?.code ?? ""
        throw InvariantError(
            "\(record.id): \(providerTaskID) has a result, but the task is \(record.state): \(code)")
    }

    /// Checks that retention removes every copy in the end.
    private func checkRetention() throws {
        // A wall clock that lags delays removal, and one that is ahead is not trusted.
        guard !hasJumped, let keep = settings.keep else { return }
        let end = clock.monotonic() + keep + settings.retentionInterval * 3
        while clock.monotonic() < end { try faultlessStep() }
        guard archive.artifacts.isEmpty else {
            throw InvariantError("\(archive.artifacts.count) copies kept too long")
        }
    }

    /// Settles one uncertain task as an operator would, by the provider's own records.
    func settleOneTask() {
        let unconfirmed = clients.unconfirmedSettlements
        let choice = store.durable.filter { $0.state == .uncertain || unconfirmed.contains($0.id) }
        guard !choice.isEmpty else { return }
        let record = choice[random.number(0...(choice.count - 1))]
        let taken = Set(store.durable.compactMap(\.providerTaskID))
        let providerTaskID = provider.tasks(of: record.id).first { !taken.contains($0) }
        let isCareless = random.number(0...3) == 0
        let settlement: TaskLifecycle.Settlement =
            if let providerTaskID, !isCareless { .adopt(providerTaskID) } else if isCareless { .dismiss } else
            { .resubmit }
        note("operator: \(record.id) \(settlement)")
        clients.beginSettlement()
        process?.call { gateway, log in
            let outcome = try? await gateway.settle(record.id, as: settlement)
            log.add(.settlement(record.id, isReceived: outcome != nil))
            if case .settled(let view)? = outcome { log.add(.record(view.record)) }
        }
    }
}
