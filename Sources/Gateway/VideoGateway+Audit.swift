package import VideoJobs

// What callers do that changes nothing else in the store, and what they are refused.
extension VideoGateway {
    /// Returns a page of the audit, newest first.
    package func audit(matching query: AuditQuery) async throws(GatewayError) -> AuditPage {
        try await services.audit.page(matching: query)
    }

    /// Records in the audit that a job was refused with an error code.
    package func recordRefusal(of job: VideoJob, for caller: Caller, code: String) async {
        await services.audit.recordRefusal(of: job, for: caller, code: code)
    }

    /// Records in the audit that an action was refused.
    ///
    /// - Parameters:
    ///   - reason: The code and the message of the error, without a token.
    ///   - task: The task that the action was about, if it is known.
    package func recordRefusal(
        of action: AuditAction, for caller: Caller, _ reason: (code: String, message: String),
        on task: TaskRecord?
    ) {
        var record = AuditRecord(action, by: caller, at: services.ports.clock.now(), .refused(reason.code))
        record.client = task?.client
        record.taskID = task?.id
        record.detail = reason.message
        services.audit.record(record)
    }

    /// Records in the audit that a browser's session was opened or closed.
    package func recordSession(_ action: AuditAction, for caller: Caller) {
        var record = AuditRecord(action, by: caller, at: services.ports.clock.now())
        record.client = caller.client
        services.audit.record(record)
    }

    /// Records in the audit that a caller begins a backup to a file: durable when this returns. Returns the
    /// identity of the store with that record.
    package func recordBackup(to file: String, for caller: Caller) async throws(GatewayError) -> StoreIdentity
    {
        var record = AuditRecord(.backup, by: caller, at: services.ports.clock.now())
        record.detail = "begun, to \(file)"
        return try await services.audit.recordDurably(record)
    }

    /// Records in the audit that the provider's key was read again.
    package func recordKeyReload(_ decision: AuditDecision, detail: String) {
        services.audit.recordSignal(.keyReload, decision, detail: detail)
    }

    /// Replaces the spend ceilings by those of a reloaded configuration, and records that in the audit.
    package func reloadCeilings(_ ceilings: SpendCeilings) {
        let before = self.ceilings
        replaceCeilings(with: ceilings)
        services.audit.recordSignal(
            .spendSet, .done, detail: "\(ceilings.auditText); before: \(before.auditText)")
    }
}

extension SpendCeilings {
    fileprivate var auditText: String { "job_usd \(Self.text(job)), day_usd \(Self.text(day))" }

    private static func text(_ ceiling: Int64?) -> String {
        ceiling.map { "$\(Dollars.text($0))" } ?? "none"
    }
}
