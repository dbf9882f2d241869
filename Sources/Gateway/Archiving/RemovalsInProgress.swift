import Synchronization
import VideoJobs

/// Tasks whose files are being removed, or were, and whose record does not show it yet.
///
/// Their content counts as expired, not as missing from the archive.
final class RemovalsInProgress: Sendable {
    private let tasks = Mutex<Set<TaskID>>([])

    func insert(_ id: TaskID) { tasks.withLock { _ = $0.insert(id) } }
    func remove(_ id: TaskID) { tasks.withLock { _ = $0.remove(id) } }
    func contains(_ id: TaskID) -> Bool { tasks.withLock { $0.contains(id) } }
}
