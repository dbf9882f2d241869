import DequeModule
import Synchronization
import VideoJobs

/// The newest record of every task with work left and of recently ended tasks.
///
/// Observers are called after the lock is released, so none of their work is done under it.
final class StatusCache: Sendable {
    private struct Watcher {
        let signal: AsyncEvent
        let condition: @Sendable (TaskRecord) -> Bool
    }

    private struct State {
        var entries: [String: TaskRecord] = [:]
        /// Provider task ids of the entries.
        var aliases: [String: String] = [:]
        /// Ended entries, in the order in which they came.
        var ended: Deque<String> = []
        var watchers: [String: [Watcher]] = [:]
    }

    private let endedMax: Int
    private let observers: [any TaskObserver]
    private let state = Mutex(State())

    init(endedMax: Int, observers: [any TaskObserver]) {
        self.endedMax = endedMax
        self.observers = observers
    }

    /// Returns the record for our task id or the provider's.
    func record(_ id: String) -> TaskRecord? {
        state.withLock { state in
            state.entries[id] ?? state.aliases[id].flatMap { state.entries[$0] }
        }
    }

    /// Takes over a record unless a newer one is known, and wakes who waited for it.
    func publish(_ record: TaskRecord) {
        var evicted: [TaskRecord] = []
        let woken: [Watcher]? = state.withLock { state in
            let id = record.id.text
            if let known = state.entries[id], known.version >= record.version { return nil }
            let hadWorkLeft = state.entries[id]?.hasWorkLeft ?? true
            state.entries[id] = record
            if let alias = record.providerTaskID { state.aliases[alias.text] = id }
            if !record.hasWorkLeft, hadWorkLeft { evicted = Self.retire(id, in: &state, max: endedMax) }
            guard let watchers = state.watchers[id] else { return [] }
            return watchers.filter { $0.condition(record) }
        }
        guard let woken else { return }
        for observer in observers {
            observer.taskPublished(record)
            for record in evicted { observer.taskEvicted(record) }
        }
        for watcher in woken { watcher.signal.set() }
    }

    /// Returns a signal that is given when the condition holds for the task, at once if it does already.
    func watch(_ id: TaskID, until condition: @escaping @Sendable (TaskRecord) -> Bool) -> AsyncEvent {
        let signal = AsyncEvent()
        let holds = state.withLock { state in
            if let entry = state.entries[id.text], condition(entry) { return true }
            state.watchers[id.text, default: []].append(Watcher(signal: signal, condition: condition))
            return false
        }
        if holds { signal.set() }
        return signal
    }

    /// Ends all waits but those for a verdict that is on its way: for shutdown.
    func endWaits() {
        let woken: [AsyncEvent] = state.withLock { state in
            state.watchers.flatMap { id, watchers in
                state.entries[id]?.state == .sending ? [] : watchers.map(\.signal)
            }
        }
        for signal in woken { signal.set() }
    }

    func unwatch(_ id: TaskID, _ signal: AsyncEvent) {
        state.withLock { state in
            state.watchers[id.text]?.removeAll { $0.signal === signal }
            if state.watchers[id.text]?.isEmpty == true { state.watchers[id.text] = nil }
        }
    }

    /// Counts a task among the ended ones and returns those that have to make room.
    private static func retire(_ id: String, in state: inout State, max: Int) -> [TaskRecord] {
        var evicted: [TaskRecord] = []
        state.ended.append(id)
        while state.ended.count > max, let oldest = state.ended.popFirst() {
            // One that came back to life stands here again once it ends again.
            guard let record = state.entries[oldest], !record.hasWorkLeft else { continue }
            state.entries[oldest] = nil
            if let alias = record.providerTaskID { state.aliases[alias.text] = nil }
            evicted.append(record)
        }
        return evicted
    }
}
