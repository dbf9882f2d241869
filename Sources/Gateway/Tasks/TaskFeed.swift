import CrashPoints
import Synchronization
import VideoJobs

/// Publishes each transition of a task once, after it is durable, in the order of the store's event sequence.
///
/// The store delivers changes in that order, before the callers that made them resume. First readers see the
/// record, then observers receive it, then waiting callers resume, and last the work that the record needs is
/// arranged. No lock is held meanwhile.
///
/// Readers may see a record earlier: one that was recovered or read from the store, and one whose write was
/// reported as failed. Those have no position in the sequence (`TaskObserver.taskPublished`); their changes
/// have (`taskCommitted`).
final class TaskFeed: Sendable {
    typealias Reconcile = @Sendable (_ record: TaskRecord, _ before: TaskRecord?) -> Void

    /// The callers that wait for changes.
    let waits: TaskWaits
    private let cache: TaskCache
    private let observers: [any TaskObserver]
    private let reconcile = Mutex<Reconcile?>(nil)

    init(cache: TaskCache, observers: [any TaskObserver], waits: TaskWaits) {
        self.cache = cache
        self.observers = observers
        self.waits = waits
    }

    /// Sets the function that arranges a task's work; called once, before the first record is published.
    func reconcile(with reconcile: @escaping Reconcile) { self.reconcile.withLock { $0 = reconcile } }

    /// Publishes a change and arranges the task's work.
    func publish(_ change: CommittedChange) {
        show(change.record, of: change)
        arrange(change.record, after: change.before)
    }

    /// Publishes a durable record out of the sequence, and arranges its work.
    ///
    /// - Parameter before: the record that it replaces; `nil` for a task that is recovered at start.
    func publish(_ record: TaskRecord, after before: TaskRecord?) {
        show(record)
        arrange(record, after: before)
    }

    private func arrange(_ record: TaskRecord, after before: TaskRecord?) {
        reached(before == nil ? .admissionPublished : .changePublished)
        // Also for a record that a reader has brought here first: arranging work twice changes nothing.
        reconcile.withLock(\.self)?(record, before)
    }

    /// Publishes a record to readers only.
    ///
    /// - Parameter change: its change, if its turn in the sequence has come.
    func show(_ record: TaskRecord, of change: CommittedChange? = nil) {
        let evicted = cache.insert(record)
        for observer in observers {
            if evicted != nil { observer.taskPublished(record) }
            if let change { observer.taskCommitted(change) }
            for record in evicted ?? [] { observer.taskEvicted(record) }
        }
        if evicted != nil { waits.resume(satisfiedBy: record) }
    }

    /// Resumes all waiting callers but those whose submission is in progress: for shutdown.
    func endWaits() {
        waits.endAll(as: .stopping) { cache.record($0.text)?.state != .sending }
    }
}
