import VideoJobs

/// Gives every task the work that its record calls for.
///
/// Called for each durable change and for each recovered task, and the only way in which work is ordered. To
/// call it again changes nothing.
struct Reconciler: Sendable {
    let submissions: SubmissionService
    let polls: PollService
    let archives: ArchiveService
    let deliveries: DeliveryService
    let notices: NoticeService
    let durations: DurationHistory
    let slowness: SlownessService
    let space: ArchiveSpace
    let retention: RetentionService

    /// Arranges the work for a record. The services read the newest record when the work begins.
    func reconcile(_ record: TaskRecord, after before: TaskRecord?) {
        let plan = WorkPlan(for: record, after: before)
        if space.reconcile(record, after: before) { submissions.retryReservations() }
        submissions.reconcile(record, plan, after: before)
        polls.reconcile(record, plan)
        archives.reconcile(record, plan, after: before)
        deliveries.reconcile(record, after: before)
        notices.reconcile(record, after: before)
        durations.reconcile(record, after: before)
        slowness.reconcile(record)
        if before != nil { retention.reconcile(record) }
    }
}
