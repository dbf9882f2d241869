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

    private struct State {
        var watchers: [TaskID: [Watcher]] = [:]
        var reconcile: Reconcile?
    }

    private struct Watcher {
        let event: AsyncEvent
        let condition: @Sendable (TaskRecord) -> Bool
    }

    private let cache: TaskCache
    private let observers: [any TaskObserver]
    private let state = Mutex(State())

    init(cache: TaskCache, observers: [any TaskObserver]) {
        self.cache = cache
        self.observers = observers
    }

    /// Sets the function that arranges a task's work; called once, before the first record is published.
    func reconcile(with reconcile: @escaping Reconcile) { state.withLock { $0.reconcile = reconcile } }

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
        state.withLock { $0.reconcile }?(record, before)
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
        guard evicted != nil else { return }
        let resumed = state.withLock { state in
            (state.watchers[record.id] ?? []).filter { $0.condition(record) }
        }
        for watcher in resumed { watcher.event.set() }
    }

    /// Returns an event that is set when the condition holds for the task, at once if it already does.
    func watch(_ id: TaskID, until condition: @escaping @Sendable (TaskRecord) -> Bool) -> AsyncEvent {
        let event = AsyncEvent()
        state.withLock {
            $0.watchers[id, default: []].append(Watcher(event: event, condition: condition))
        }
        // Looked at after the registration, so that no publication is missed.
        if let record = cache.record(id.text), condition(record) { event.set() }
        return event
    }

    func unwatch(_ id: TaskID, _ event: AsyncEvent) {
        state.withLock { state in
            state.watchers[id]?.removeAll { $0.event === event }
            if state.watchers[id]?.isEmpty == true { state.watchers[id] = nil }
        }
    }

    /// Resumes all waiting callers but those whose submission is in progress: for shutdown.
    func endWaits() {
        let watchers = state.withLock { $0.watchers }
        for (id, watchers) in watchers where cache.record(id.text)?.state != .sending {
            for watcher in watchers { watcher.event.set() }
        }
    }
}
