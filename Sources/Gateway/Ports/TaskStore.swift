package import VideoJobs

/// Where tasks live durably. Whatever returns without an error is on the disk (fsynced).
///
/// `TaskStoreContract` says in tests what any store must do.
package protocol TaskStore: Sendable {
    /// Makes a new task durable with its payload, events and idempotency claim, all or none. Whether a
    /// claimed key stands for the same job is `NewTask.isSameJob` to say.
    func admit(_ admission: NewTask) async throws(StoreError) -> AdmissionOutcome

    /// Replaces a record by its successor if it is still at the version and in the state it was decided on,
    /// and appends the event in the same transaction. Returns whether it did.
    func save(_ change: TaskChange) async throws(StoreError) -> Bool

    func task(_ id: TaskID) async throws(StoreError) -> TaskRecord?
    func task(providerTaskID: ProviderTaskID) async throws(StoreError) -> TaskRecord?
    /// The bytes to forward for a task.
    func payload(of id: TaskID) async throws(StoreError) -> [UInt8]?
    /// A page of tasks, newest first.
    func tasks(matching query: TaskQuery) async throws(StoreError) -> TaskPage
    /// Tasks with work left in order of admission, after the given one; for recovery at start.
    func tasksWithWork(after id: TaskID?, limit: Int) async throws(StoreError) -> [TaskRecord]
    /// Completed tasks whose content is still here, oldest first: for retention.
    func tasksWithContent(limit: Int) async throws(StoreError) -> [TaskRecord]
    /// The history of one task, oldest first.
    func events(of id: TaskID) async throws(StoreError) -> [TaskEventRecord]
    /// What the store knows of itself.
    func identity() async throws(StoreError) -> StoreIdentity
    /// The sequence of the last transaction that is durable, without a call on the disk. Never falls.
    var sequence: Int64 { get }
    /// Notes durably how far the work after a restoration has come, and raises the sequence to at least the
    /// given one in the same transaction.
    func setRestoration(
        _ phase: RestorationPhase?, raisingSequenceTo sequence: Int64
    ) async throws(StoreError)
    /// Notes durably which archive belongs to the store.
    func setArchiveID(_ id: String) async throws(StoreError)
    /// Writes a trifle durably, to see whether the store works; mends what the store itself can mend.
    func check() async throws(StoreError)
    /// Writes what is pending and releases the store.
    func close() async
}
