package import VideoJobs

/// One line of the audit: who did what, and what the gateway decided. Never changed and never deleted.
///
/// Contains no token, no key and no URL.
package struct AuditRecord: Equatable, Sendable {
    package var at: Timestamp
    /// As `Caller.actor` spells it, or `signal` for a signal to the process.
    package var actor: String
    /// The id of the request; `nil` without one.
    package var requestID: String?
    package var action: AuditAction
    package var decision: AuditDecision
    /// The owner of the task, or the client that was changed.
    package var client: String?
    /// A task of the store.
    package var taskID: TaskID?
    /// Millionths of a US dollar; `nil` if the action has no price or it is unknown.
    package var price: Int64?
    /// A text for a person; at most `detailMax` characters are stored.
    package var detail: String?
    /// The prompt of a job, if the settings say so.
    package var prompt: String?

    package static let detailMax = 1_000

    package init(
        at: Timestamp, actor: String, requestID: String? = nil, _ action: AuditAction,
        _ decision: AuditDecision
    ) {
        self.at = at
        self.actor = actor
        self.requestID = requestID
        self.action = action
        self.decision = decision
    }

    /// Makes a record of a caller's action.
    init(_ action: AuditAction, by caller: Caller, at now: Timestamp, _ decision: AuditDecision = .done) {
        self.init(
            at: now, actor: caller.actor, requestID: caller.requestID.isEmpty ? nil : caller.requestID,
            action, decision)
    }

    /// Makes a record of a caller's action on a task.
    init(_ action: AuditAction, by caller: Caller, at now: Timestamp, on task: TaskRecord) {
        self.init(action, by: caller, at: now)
        client = task.client
        taskID = task.id
    }
}
