import Synchronization
import VideoJobs

/// The audit of the gateway: reads it, and records what changes nothing else in the store.
///
/// What changes a task, a client or a pause is recorded in the transaction of the change.
final class AuditTrail: Sendable {
    private let ports: GatewayPorts
    private let health: StoreHealth
    private let tally = Mutex(AuditTally())
    private let timer: ReschedulableTimer

    init(ports: GatewayPorts, health: StoreHealth) {
        self.ports = ports
        self.health = health
        timer = ReschedulableTimer(ports: ports)
    }

    /// Writes what was only counted when the gateway stops; returns then.
    func run() async {
        await AsyncEvent.cancellation()
        timer.stop()
        await writeCounts(at: nil)
    }

    /// Returns a page of the audit, newest first.
    func page(matching query: AuditQuery) async throws(GatewayError) -> AuditPage {
        try await health.throwingGatewayError { () throws(StoreError) in
            try await ports.audit.auditPage(matching: query)
        }
    }

    /// Records that a job was refused: durable when this returns, if the store works and the client had few
    /// refusals for this reason in this minute. Nothing was bought, so the record has no price.
    func recordRefusal(of job: VideoJob, for caller: Caller, code: String) async {
        var record = AuditRecord(.submit, by: caller, at: ports.clock.now(), .refused(code))
        record.client = caller.client
        let price = job.price.map { ", quoted at $\(Dollars.text($0))" } ?? ""
        record.detail = "model \(job.model)\(price)"
        if isWritten(record) { await append(record) }
    }

    /// Records an action that changes nothing else in the store, or a refusal. Returns before it is durable.
    func record(_ record: AuditRecord) {
        guard isWritten(record) else { return }
        ports.start { [self] in await append(record) }
    }

    /// Records an action: durable when this returns. Returns the identity of the store with the record.
    func recordDurably(_ record: AuditRecord) async throws(GatewayError) -> StoreIdentity {
        try await health.throwingGatewayError { () throws(StoreError) in
            try await ports.audit.append(record)
            return try await ports.store.identity()
        }
    }

    /// Records what a signal to the process changed.
    func recordSignal(_ action: AuditAction, _ decision: AuditDecision, detail: String) {
        var record = AuditRecord(at: ports.clock.now(), actor: "signal", action, decision)
        record.detail = detail
        self.record(record)
    }

    /// Returns whether a record is written by itself; otherwise it was counted.
    private func isWritten(_ record: AuditRecord) -> Bool {
        let now = ports.clock.monotonic()
        switch tally.withLock({ $0.count(record, at: now) }) {
        case .write: return true
        case .count(let due):
            schedule(at: due)
            return false
        }
    }

    private func schedule(at due: MonotonicTime) {
        timer.set(for: due) { [weak self] in
            guard let self else { return }
            ports.start { await self.writeCounts(at: due) }
        }
    }

    /// Writes one record for each kind of records that were only counted.
    ///
    /// - Parameter now: `nil` for all kinds, else for those that are due.
    private func writeCounts(at now: MonotonicTime?) async {
        let (counts, next) = tally.withLock { ($0.takeUnwritten(at: now), $0.nextDue) }
        let time = ports.clock.now()
        for (kind, count) in counts.sorted(by: { $0.kind.order < $1.kind.order }) {
            var record = AuditRecord(
                at: time, actor: kind.actor, kind.action, AuditDecision(text: kind.decision))
            record.detail = "\(count) more in one minute, not recorded one by one"
            await append(record)
        }
        if let next { schedule(at: next) }
    }

    private func append(_ record: AuditRecord) async {
        do {
            try await health.recordingFailures { () throws(StoreError) in
                try await ports.audit.append(record)
            }
        } catch {
            ports.log.error(
                .auditMissing, "an action is missing from the audit",
                metadata: [
                    "actor": "\(record.actor)", "action": "\(record.action.rawValue)",
                    "decision": "\(record.decision.text)", "reason": "\(error.message)",
                ])
        }
    }
}

extension AuditTally.Kind {
    /// So that records of one time are written in the same order each time.
    fileprivate var order: String { "\(actor) \(action.rawValue) \(decision)" }
}
