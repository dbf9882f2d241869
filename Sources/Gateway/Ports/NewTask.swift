package import VideoJobs

/// A job on its way into the store.
package struct NewTask: Sendable {
    /// The task as it is stored, after the last of `events`.
    package var record: TaskRecord
    package var payload: [UInt8]
    package var claim: IdempotencyClaim?
    /// What led to the record, oldest first, numbered from 1 to its version. One transaction stores all.
    package var events: [TaskEventRecord]
    /// Judged in the same transaction, unless the claim joins an earlier task.
    package var limits = AdmissionLimits()
    /// Whether only an earlier task is joined: by itself the job may not be admitted now.
    package var onlyJoins = false
    /// Stored in the same transaction; within the limits of `OutboxMessage`.
    package var outbox: [OutboxMessage] = []
    /// Stored in the same transaction if the task is admitted.
    package var audit: AuditRecord?
    /// Where to report its ends; stored in the same transaction.
    package var callback: TaskCallback?

    /// - Parameter events: `admitted` alone unless the task went further before it was stored, such as
    ///   `admitted` and `sending`.
    package init(
        record: TaskRecord, payload: [UInt8], claim: IdempotencyClaim? = nil,
        events: [TaskEventRecord]? = nil, limits: AdmissionLimits = AdmissionLimits()
    ) {
        self.record = record
        self.payload = payload
        self.claim = claim
        self.events = events ?? [.admitted(record)]
        self.limits = limits
    }
}
