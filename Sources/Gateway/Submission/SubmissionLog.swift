import VideoJobs

/// The log lines of submissions.
struct SubmissionLog: Sendable {
    private let log: StructuredLog

    init(_ log: StructuredLog) { self.log = log }

    /// Logs a verdict that the store did not accept yet. An operator can adopt the task by this line if the
    /// process ends before the verdict is durable.
    func unsaved(_ verdict: SubmissionVerdict, _ id: TaskID, _ failure: StoreError) {
        var metadata: StructuredLog.Fields = ["task_id": "\(id)", "reason": "\(failure.message)"]
        if case .accepted(let id, _) = verdict { metadata["provider_task_id"] = "\(id)" }
        log.error(
            .submissionNotDurable, "a verdict is not durable yet and is kept in memory", metadata: metadata)
    }

    /// Logs a job that is not sent because the archive has no space for its results.
    func lacksSpace(_ id: TaskID, _ message: String, retryAfter delay: Duration) {
        log.warning(
            .submissionSpaceMissing, "a job waits for space in the archive",
            metadata: [
                "task_id": "\(id)", "code": "\(BlockReason.archiveUnavailable.rawValue)",
                "reason": "\(message)",
                "retry_seconds": .number(delay.components.seconds),
            ])
    }

    /// Logs that jobs wait because of the provider account, or do no longer.
    func paused(by reason: BlockReason?) {
        guard let reason else { return log.notice(.providerResumed, "jobs are sent again") }
        log.warning(
            .providerPaused, "no jobs are sent to the provider for now",
            metadata: ["code": "\(reason.rawValue)"])
    }

    /// Logs the end of a submission. Transitions to `failed` and `uncertain` are logged by `TransitionLog`.
    func ended(_ verdict: SubmissionVerdict, _ id: TaskID, retryAfter delay: Duration) {
        var metadata: StructuredLog.Fields = ["task_id": "\(id)"]
        switch verdict {
        case .accepted(let providerTaskID, _):
            metadata["provider_task_id"] = "\(providerTaskID)"
            log.debug(.submissionAccepted, "the provider accepted a job", metadata: metadata)
        case .refused, .unknown: break  // Logged with the transition.
        case .notAccepted(let reason, _, let message), .blocked(let reason, _, let message):
            metadata["code"] = "\(reason.rawValue)"
            metadata["reason"] = "\(message)"
            metadata["retry_seconds"] = .number(delay.components.seconds)
            log.warning(.submissionDeferred, "a job was not accepted and waits", metadata: metadata)
        }
    }
}
