import Logging
import Synchronization
import VideoJobs

/// The audit of the gateway: reads it, and records what changes nothing else in the store.
///
/// What changes a task, a client or a pause is recorded in the transaction of the change.
final class AuditTrail: Sendable {
    private let ports: GatewayPorts
    private let health: StoreHealth
    private let refusals = Mutex(RefusalTally())

    init(ports: GatewayPorts, health: StoreHealth) {
        self.ports = ports
        self.health = health
    }

    /// Returns a page of the audit, newest first.
    func page(matching query: AuditQuery) async throws(GatewayError) -> AuditPage {
        try await health.throwingGatewayError { () throws(StoreError) in
            try await ports.audit.auditPage(matching: query)
        }
    }

    /// Records that a job was refused: durable when this returns, if the store works and the client had few
    /// refusals in this minute.
    func recordRefusal(of job: VideoJob, for caller: Caller, code: String) async {
        let now = ports.clock.monotonic()
        guard let unrecorded = refusals.withLock({ $0.record(caller.client, at: now) }) else { return }
        var record = AuditRecord(.submit, by: caller, at: ports.clock.now(), .refused(code))
        record.client = caller.client
        record.price = job.price
        record.detail = "model \(job.model)"
        if unrecorded > 0 { record.detail?.append("; \(unrecorded) refusals before it are not recorded") }
        await append(record)
    }

    /// Records that the provider's key was read again.
    func recordKeyReload(_ decision: AuditDecision, detail: String) {
        var record = AuditRecord(at: ports.clock.now(), actor: "signal", .keyReload, decision)
        record.detail = detail
        let complete = record
        ports.start { [self] in await append(complete) }
    }

    private func append(_ record: AuditRecord) async {
        do {
            try await health.recordingFailures { () throws(StoreError) in
                try await ports.audit.append(record)
            }
        } catch {
            ports.log.error(
                "an action is missing from the audit",
                metadata: [
                    "actor": "\(record.actor)", "action": "\(record.action.rawValue)",
                    "decision": "\(record.decision.text)", "reason": "\(error.message)",
                ])
        }
    }
}
