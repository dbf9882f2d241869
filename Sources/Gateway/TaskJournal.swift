import CrashPoints
import Synchronization
import VideoJobs

/// Makes lifecycle events durable: decide on the newest record, save by compare-and-set, publish.
///
/// The only writer of task records. Two events for one task may race: the loser decides again on what the
/// winner left.
struct TaskJournal<Answer: Sendable>: Sendable {
    struct Outcome: Sendable {
        var record: TaskRecord
        /// What remains to be done.
        var effects: [TaskLifecycle.Effect]
        /// Whether the event changed the record.
        var changed: Bool
    }

    let store: any TaskStore
    let cache: StatusCache<Answer>
    let health: StoreHealth

    /// Applies one event. Returns `nil` if there is no such task.
    func apply(_ event: TaskLifecycle.Event, to id: TaskID) async throws(StoreFailure) -> Outcome? {
        var known = cache.record(id.text)
        while true {
            if known == nil {
                known = try await health.watching { () throws(StoreFailure) in try await store.task(id) }
            }
            guard let before = known else { return nil }
            var life = TaskLifecycle(before)
            let effects = life.apply(event)
            guard case .save(let name, let detail)? = effects.first else {
                return Outcome(record: before, effects: effects, changed: false)
            }
            let record = life.record
            let line = TaskEventRecord(number: record.version, at: record.updated, name: name, detail: detail)
            let change = TaskChange(from: before.state, record: record, event: line)
            let saved = try await health.watching { () throws(StoreFailure) in try await store.save(change) }
            if saved {
                reached(.changeDurable)
                cache.publish(record)
                reached(.changePublished)
                return Outcome(record: record, effects: Array(effects.dropFirst()), changed: true)
            }
            known = nil  // Someone else was faster: what the store has now is the truth.
        }
    }
}

/// Whether the store works, as its last use showed.
final class StoreHealth: Sendable {
    private let failure = Mutex<StoreFailure?>(nil)

    var trouble: StoreFailure? { failure.withLock { $0 } }

    /// Passes a store call's ending on and remembers it.
    func watching<Value>(
        _ call: () async throws(StoreFailure) -> Value
    ) async throws(StoreFailure) -> Value {
        do {
            let value = try await call()
            failure.withLock { $0 = nil }
            return value
        } catch {
            failure.withLock { $0 = error }
            throw error
        }
    }
}
