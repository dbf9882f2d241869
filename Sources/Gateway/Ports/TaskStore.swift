package import VideoJobs

/// Durable storage of tasks. A call that returns without an error has reached the disk (fsync).
///
/// `TaskStoreContract` in the tests checks what any store must do.
package protocol TaskStore: Sendable {
    /// Stores a new task with its payload, events, idempotency claim and outbox messages, all or none.
    /// `NewTask.isSameJob` decides whether a claimed key belongs to the same job. `NewTask.limits` are judged
    /// in the same transaction.
    func admit(_ admission: NewTask) async throws(StoreError) -> AdmissionOutcome
    /// Replaces a record by its successor if it still has the version and the state that the decision was
    /// based on. Appends the event and the outbox messages in the same transaction, in which
    /// `TaskChange.limits` are judged too.
    func save(_ change: TaskChange) async throws(StoreError) -> SaveOutcome
    /// Delivers every change that is made through this store from now on: once, in the order of the event
    /// sequence, and before the call that made it returns. A change that is durable although its call failed
    /// is delivered before the next one at the latest.
    ///
    /// - Parameter receive: replaces an earlier receiver. It must not block.
    func deliverChanges(to receive: @escaping @Sendable ([CommittedChange]) -> Void)

    func task(_ id: TaskID) async throws(StoreError) -> TaskRecord?
    func task(providerTaskID: ProviderTaskID) async throws(StoreError) -> TaskRecord?
    /// Returns the bytes to forward for a task.
    func payload(of id: TaskID) async throws(StoreError) -> [UInt8]?
    /// Returns a page of tasks, newest first.
    func tasks(matching query: TaskQuery) async throws(StoreError) -> TaskPage
    /// Returns the limit that `admit` would report for a task without a claim now; `nil` for none.
    func limit(
        _ limits: AdmissionLimits, exceededBy record: TaskRecord
    ) async throws(StoreError) -> AdmissionLimit?
    /// Returns the micro-dollars that submissions since a time take of a budget, of one client or all: the
    /// sum of `TaskRecord.consumption(since:)`.
    func consumption(of client: String?, since: Timestamp) async throws(StoreError) -> Int64
    /// Returns the known durations among the most recently admitted completed tasks, newest first.
    ///
    /// - Parameter limit: how many completed tasks are looked at.
    func completedDurations(limit: Int) async throws(StoreError) -> [CompletedDuration]
    /// Returns a page of completed tasks whose content is not removed yet: for retention.
    func tasksWithContent(_ query: ContentQuery) async throws(StoreError) -> [TaskRecord]
    /// Returns the bytes of the results of all those tasks.
    func contentBytes() async throws(StoreError) -> Int64
    /// Returns the bytes of the largest result that any task of each kind had; of further kinds the smallest
    /// are left out.
    func largestResults(limit: Int) async throws(StoreError) -> [ResultKind: Int64]

    /// Returns the history of one task, oldest first.
    func events(of id: TaskID) async throws(StoreError) -> [TaskEventRecord]
    /// Returns events of all tasks in the order of their sequence, after the given one.
    ///
    /// - Parameter limit: 1…1000.
    func events(after sequence: Int64, limit: Int) async throws(StoreError) -> [SequencedTaskEvent]

    /// Returns events of one task, oldest first, after the one with the given number.
    ///
    /// - Parameter limit: 1…1000.
    func events(
        of id: TaskID, after number: Int, limit: Int
    ) async throws(StoreError) -> [SequencedTaskEvent]
    /// Returns the sequence of the newest event; 0 if there is none.
    func lastEventSequence() async throws(StoreError) -> Int64

    /// Returns outbox rows of one kind, oldest first, after the given id.
    ///
    /// - Parameter limit: 1…1000.
    func outbox(kind: String, after id: Int64, limit: Int) async throws(StoreError) -> [OutboxRow]
    /// Removes outbox rows; ids without a row are ignored.
    func removeFromOutbox(_ ids: [Int64]) async throws(StoreError)

    /// Begins a claim with a new term, which makes earlier claims of the same owner void. Leaves the store's
    /// sequence as it is. A store of one gateway grants it even while it is full, so that work goes on.
    func beginClaim(
        owner: String, at now: Timestamp, lease: Duration
    ) async throws(StoreError) -> WorkClaim
    /// Grants unfinished tasks to a claim and returns them in admission order, after the given one. A store
    /// that several gateways share withholds tasks that another owner holds under a lease; a store of one
    /// gateway grants all. Returns `nil` if the claim is void, which must not look like the last page.
    func claimTasksWithWork(
        _ claim: WorkClaim, after id: TaskID?, limit: Int
    ) async throws(StoreError) -> [TaskRecord]?

    /// Returns what the store knows of itself.
    func identity() async throws(StoreError) -> StoreIdentity
    /// The number of the last durable transaction, without disk access. Never falls.
    var sequence: Int64 { get }
    /// Stores the phase of the work after a restoration, and raises the sequence to at least the given one in
    /// the same transaction. The event sequence skips what the missing transactions may have used.
    ///
    /// - Parameter audit: the record of who did that, stored in the same transaction; `nil` if nobody did.
    func setRestoration(
        _ phase: RestorationPhase?, raisingSequenceTo sequence: Int64, audit: AuditRecord?
    ) async throws(StoreError)
    /// Stores which archive belongs to the store.
    func setArchiveID(_ id: String) async throws(StoreError)
    /// Stores from when on the day's spend ceiling counts, and the record of who reset it.
    func setSpendResumed(at time: Timestamp, audit: AuditRecord?) async throws(StoreError)
    /// Checks that the store works by a small durable write; repairs what the store itself can repair.
    func check() async throws(StoreError)
    /// Writes what is pending and releases the store.
    func close() async
}

extension TaskStore {
    /// Stores the phase of the work after a restoration, as the gateway by itself.
    package func setRestoration(
        _ phase: RestorationPhase?, raisingSequenceTo sequence: Int64
    ) async throws(StoreError) {
        try await setRestoration(phase, raisingSequenceTo: sequence, audit: nil)
    }
}
