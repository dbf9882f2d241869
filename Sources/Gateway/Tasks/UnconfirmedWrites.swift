import Synchronization
import VideoJobs

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
