package import VideoJobs

/// A receiver of task changes, such as a cache of rendered responses.
///
/// Called synchronously after a record is durable, on whichever thread made it so. Two changes of one task
/// may arrive in either order when two threads publish at once: compare `TaskRecord.version`, and keep the
/// higher.
package protocol TaskObserver: Sendable {
    /// Receives the newest record of a task: it changed, was recovered at start, or was read from the store.
    func taskPublished(_ record: TaskRecord)
    /// Receives an ended task that left the gateway's cache; whatever is kept for it may be freed.
    func taskEvicted(_ record: TaskRecord)
}
