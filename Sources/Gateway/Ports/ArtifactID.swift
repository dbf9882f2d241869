package import VideoJobs

/// Names one video of one task.
package struct ArtifactID: Hashable, Sendable {
    package var task: TaskID
    /// Counted from 0.
    package var index: Int

    package init(task: TaskID, index: Int) {
        self.task = task
        self.index = index
    }
}
