import Synchronization
import VideoJobs

/// The space of the archive: how much of it archived content takes.
///
/// Follows the changes of tasks, so that it is known at once. Retention counts anew by the store before it
/// removes anything.
final class ArchiveSpace: Sendable {
    private struct State {
        var contentBytes: Int64 = 0
    }

    private let state = Mutex(State())

    /// The bytes of all archived content.
    var contentBytes: Int64 { state.withLock { $0.contentBytes } }

    func setContentBytes(_ bytes: Int64) { state.withLock { $0.contentBytes = bytes } }

    /// Follows a durable change.
    func reconcile(_ record: TaskRecord, after before: TaskRecord?) {
        guard let before else { return }
        let change = record.keptBytes - before.keptBytes
        if change != 0 { state.withLock { $0.contentBytes += change } }
    }
}

extension TaskRecord {
    /// The bytes of its results that are in the archive.
    fileprivate var keptBytes: Int64 { state == .completed && !contentRemoved ? contentBytes : 0 }
}
