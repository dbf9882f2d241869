import Synchronization
package import VideoJobs

/// Where tasks live durably. Whatever returns without an error is on the disk (fsynced).
///
/// `TaskStoreContract` says in tests what any store must do.
package protocol TaskStore: Sendable {
    /// Makes a new task durable with its payload, first event and idempotency claim, all or none. Whether a
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

/// A job on its way into the store.
package struct NewTask: Sendable {
    package var record: TaskRecord
    package var payload: [UInt8]
    package var claim: IdempotencyClaim?

    package init(record: TaskRecord, payload: [UInt8], claim: IdempotencyClaim? = nil) {
        self.record = record
        self.payload = payload
        self.claim = claim
    }
}

/// A client's `Idempotency-Key` with a fingerprint of the job it stands for; unique per client.
package struct IdempotencyClaim: Equatable, Sendable {
    package var client: String
    package var key: String
    /// As `JobFingerprint` writes it.
    package var fingerprint: String

    package init(client: String, key: String, fingerprint: String) {
        self.client = client
        self.key = key
        self.fingerprint = fingerprint
    }
}

package enum AdmissionOutcome: Equatable, Sendable {
    case admitted
    /// The same key with the same job came before: this is its task.
    case replayed(TaskRecord)
    /// The same key came before with another job.
    case keyReused
}

/// One compare-and-set.
package struct TaskChange: Sendable {
    /// The record that the decision was made on. Its state and `record.version - 1` must still be the stored
    /// ones; a store may then take the rest of it for stored too, and write only what differs.
    package var before: TaskRecord
    package var record: TaskRecord
    package var event: TaskEventRecord

    package init(from before: TaskRecord, to record: TaskRecord, event: TaskEventRecord) {
        self.before = before
        self.record = record
        self.event = event
    }
}

/// One line of a task's append-only history. Its number is the record's version.
package struct TaskEventRecord: Equatable, Sendable {
    package var number: Int
    package var at: Timestamp
    /// The lifecycle event's name, as `TaskLifecycle` spells it.
    package var name: String
    /// Words for a person; no key, no link.
    package var detail: String?

    package init(number: Int, at: Timestamp, name: String, detail: String? = nil) {
        self.number = number
        self.at = at
        self.name = name
        self.detail = detail
    }
}

/// Which tasks a listing shows.
package struct TaskQuery: Equatable, Sendable {
    /// 1…100.
    package var limit: Int
    /// Continue after this task (the last one of the page before).
    package var after: TaskID?
    package var status: TaskStatus?
    package var state: TaskState?
    package var model: String?
    package var client: String?

    package init(limit: Int = 20) { self.limit = limit }
}

package struct TaskPage: Equatable, Sendable {
    package var tasks: [TaskRecord]
    package var hasMore: Bool

    package init(tasks: [TaskRecord], hasMore: Bool) {
        self.tasks = tasks
        self.hasMore = hasMore
    }
}

/// Why a store could not do its work. Each says what to do, in words without secrets.
package enum StoreError: Error, Equatable, Sendable {
    /// Another gateway holds the store.
    case locked(String)
    case readOnly(String)
    case full(String)
    /// Written by a newer version of Reelgate.
    case newer(String)
    /// Damaged, or not a store of ours.
    case damaged(String)
    case unavailable(String)
    /// Only this change is at fault: the store as a whole works.
    case oneTask(String)
}

/// Saves that failed and may be durable all the same: a disk or a network can lose the answer only.
///
/// One for a task at most; it ends with the next change of the task, or when the task needs no more work.
final class UnconfirmedWrites: Sendable {
    struct Doubt: Sendable {
        let before: TaskRecord
        let record: TaskRecord
        let effects: [TaskLifecycle.Effect]
        /// It was found, and what it calls for is done. Whoever asked for it may still ask again.
        var isSettled = false

        /// Whether an event asks for what was saved.
        func isRepeated(by event: TaskLifecycle.Event) -> Bool {
            var life = TaskLifecycle(before)
            _ = life.apply(event)
            return life.record.isSame(as: record)
        }
    }

    private let doubts = Mutex<[TaskID: Doubt]>([:])

    func of(_ id: TaskID) -> Doubt? { doubts.withLock { $0[id] } }
    func note(_ doubt: Doubt, of id: TaskID) { doubts.withLock { $0[id] = doubt } }
    func forget(_ id: TaskID) { doubts.withLock { $0[id] = nil } }

    /// Ends a doubt; whether it was still there.
    func claim(_ doubt: Doubt) -> Bool {
        doubts.withLock { doubts in
            guard doubts[doubt.record.id]?.record == doubt.record else { return false }
            doubts[doubt.record.id] = nil
            return true
        }
    }

    /// What a save calls for that was found; nothing if somebody else has taken that on.
    func takeEffects(of doubt: Doubt) -> [TaskLifecycle.Effect] {
        let id = doubt.record.id
        return doubts.withLock { doubts in
            guard let known = doubts[id], known.record == doubt.record, !known.isSettled else { return [] }
            doubts[id]?.isSettled = true
            return doubt.effects
        }
    }
}

extension TaskRecord {
    /// Whether both say the same, whenever it was said.
    fileprivate func isSame(as other: TaskRecord) -> Bool {
        var other = other
        other.updated = updated
        return self == other
    }
}
