import DequeModule
import Synchronization
import VideoJobs

/// The newest record of every task with work left and of recently ended ones, with the answer that a reader
/// gets.
///
/// Answers are rendered when a record changes, outside the lock; a read is one look-up. A task that waits or
/// is being sent has no prebuilt answer.
///
/// Not generic over the answer: a status is asked for more often than all else together, and each time the
/// type of a generic table would be looked up first.
final class StatusCache: Sendable {
    typealias Answer = any AnyObject & Sendable

    private struct Entry {
        var record: TaskRecord
        var answer: Answer?
    }

    private struct Watcher {
        let signal: AsyncEvent
        let condition: @Sendable (TaskRecord) -> Bool
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// Provider task ids of the entries.
        var aliases: [String: String] = [:]
        /// Ended entries, in the order in which they came.
        var ended: Deque<String> = []
        var watchers: [String: [Watcher]] = [:]
    }

    private let endedMax: Int
    private let render: @Sendable (TaskRecord) -> Answer
    private let state = Mutex(State())

    init(endedMax: Int, render: @escaping @Sendable (TaskRecord) -> Answer) {
        self.endedMax = endedMax
        self.render = render
    }

    /// The prebuilt answer for our id or the provider's.
    func answer(_ id: String) -> Answer? {
        state.withLock { state in
            if let entry = state.entries[id] { return entry.answer }
            guard let ours = state.aliases[id] else { return nil }
            return state.entries[ours]?.answer
        }
    }

    func record(_ id: String) -> TaskRecord? {
        state.withLock { state in
            (state.entries[id] ?? state.aliases[id].flatMap { state.entries[$0] })?.record
        }
    }

    /// Takes over a record unless a newer one is known, and wakes who waited for it.
    func publish(_ record: TaskRecord) {
        let answer = record.state.isShortLived ? nil : render(record)
        let woken: [Watcher] = state.withLock { state in
            let id = record.id.text
            if let known = state.entries[id], known.record.version >= record.version { return [] }
            let hadWorkLeft = state.entries[id]?.record.hasWorkLeft ?? true
            state.entries[id] = Entry(record: record, answer: answer)
            if let alias = record.providerTaskID { state.aliases[alias.text] = id }
            if !record.hasWorkLeft, hadWorkLeft { Self.retire(id, in: &state, max: endedMax) }
            guard let watchers = state.watchers[id] else { return [] }
            return watchers.filter { $0.condition(record) }
        }
        for watcher in woken { watcher.signal.set() }
    }

    /// Returns a signal that is given when the condition holds for the task, at once if it does already.
    func watch(_ id: TaskID, until condition: @escaping @Sendable (TaskRecord) -> Bool) -> AsyncEvent {
        let signal = AsyncEvent()
        let holds = state.withLock { state in
            if let entry = state.entries[id.text], condition(entry.record) { return true }
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
                state.entries[id]?.record.state == .sending ? [] : watchers.map(\.signal)
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

    private static func retire(_ id: String, in state: inout State, max: Int) {
        state.ended.append(id)
        while state.ended.count > max, let oldest = state.ended.popFirst() {
            // One that came back to life stands here again once it ends again.
            guard let entry = state.entries[oldest], !entry.record.hasWorkLeft else { continue }
            state.entries[oldest] = nil
            if let alias = entry.record.providerTaskID { state.aliases[alias.text] = nil }
        }
    }
}

extension TaskState {
    /// Whether preparing an answer is likely to be in vain: the record changes before anybody reads it, or
    /// its place in the queue does without it.
    fileprivate var isShortLived: Bool {
        switch self {
        case .queued, .sending: true
        case .running, .archiving, .completed, .failed, .uncertain, .cancelled: false
        }
    }
}
