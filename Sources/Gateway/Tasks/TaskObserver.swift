package import VideoJobs

/// A receiver of task changes, such as a cache of rendered responses.
///
/// Called synchronously after a record is durable, before the caller that changed it resumes. It must not
/// block.
package protocol TaskObserver: Sendable {
    /// Receives a record of a task: it changed, was recovered at start, or was read from the store.
    ///
    /// A read may bring a record here before its change is delivered, and two threads may publish at once:
    /// compare `TaskRecord.version`, and keep the higher.
    func taskPublished(_ record: TaskRecord)
    /// Receives each change that this process made durable: once, in the order of the store's event sequence.
    func taskCommitted(_ change: CommittedChange)
    /// Receives an ended task that left the gateway's cache; whatever is kept for it may be freed.
    func taskEvicted(_ record: TaskRecord)
}

extension TaskObserver {
    package func taskCommitted(_ change: CommittedChange) {}
}
