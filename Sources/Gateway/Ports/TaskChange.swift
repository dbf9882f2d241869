package import VideoJobs

/// One compare-and-set.
package struct TaskChange: Sendable {
    /// The record that the decision was made on. Its state and `record.version - 1` must still be the stored
    /// ones; a store may then take the rest of it for stored too, and write only what differs.
    package var before: TaskRecord
    package var record: TaskRecord
    package var event: TaskEventRecord
    /// Stored in the same transaction; within the limits of `OutboxMessage`.
    package var outbox: [OutboxMessage]
    /// Stored in the same transaction.
    package var audit: AuditRecord?
    /// What the change may cost more than the record before it; `nil` for a change that costs nothing more.
    package var limits: AdmissionLimits?
    /// Stored in the same transaction if the task has a callback.
    package var delivery: NewDelivery?
    /// Stored in the same transaction; at most `NewNotice.perEventMax`.
    package var notices: [NewNotice] = []

    package init(
        from before: TaskRecord, to record: TaskRecord, event: TaskEventRecord, outbox: [OutboxMessage] = [],
        audit: AuditRecord? = nil
    ) {
        self.before = before
        self.record = record
        self.event = event
        self.outbox = outbox
        self.audit = audit
    }
}
