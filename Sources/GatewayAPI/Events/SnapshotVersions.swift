import Synchronization
import VideoJobs

/// The versions of tasks that a snapshot has sent, so that a change between its beginning and the read of its
/// task is not sent again.
///
/// Holds an entry for each task of the snapshot, until the changes before its end were sent or skipped.
final class SnapshotVersions: Sendable {
    private struct State {
        var versions: [TaskID: Int] = [:]
        /// The position of the last change that the snapshot can contain; `nil` until it ends.
        var end: Int64?
    }

    private let state = Mutex(State())

    /// Records that tasks were sent.
    func insert(_ records: [TaskRecord]) {
        state.withLock { state in
            for record in records { state.versions[record.id] = record.version }
        }
    }

    /// Ends the snapshot, of which no task is newer than a position.
    func end(at position: Int64) { state.withLock { $0.end = position } }

    /// Whether no change after a position can be in the snapshot.
    func isOver(at position: Int64) -> Bool { state.withLock { $0.end.map { $0 <= position } ?? false } }

    /// Whether the snapshot has sent a state of the task, or a newer one.
    func contains(_ record: TaskRecord) -> Bool {
        state.withLock { state in state.versions[record.id].map { record.version <= $0 } ?? false }
    }
}
