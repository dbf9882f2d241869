import Synchronization
import VideoJobs

/// Writes that failed and may be durable all the same, since a disk or a network can lose the reply only.
///
/// At most one for a task. It ends with the task's next change, or when the task needs no more work.
final class UnconfirmedWrites: Sendable {
    private let writes = Mutex<[TaskID: UnconfirmedWrite]>([:])

    func write(of id: TaskID) -> UnconfirmedWrite? { writes.withLock { $0[id] } }
    func insert(_ write: UnconfirmedWrite) { writes.withLock { $0[write.record.id] = write } }
    func remove(_ id: TaskID) { writes.withLock { $0[id] = nil } }

    /// Removes a write. Returns whether it was still here.
    func claim(_ write: UnconfirmedWrite) -> Bool {
        writes.withLock { writes in
            guard writes[write.record.id]?.record == write.record else { return false }
            writes[write.record.id] = nil
            return true
        }
    }

    /// Marks a write as durable. Returns whether this caller is the first to find it so.
    func confirm(_ write: UnconfirmedWrite) -> Bool {
        writes.withLock { writes in
            let id = write.record.id
            guard let known = writes[id], known.record == write.record, !known.isConfirmed else {
                return false
            }
            writes[id]?.isConfirmed = true
            return true
        }
    }
}
