package import VideoJobs

/// The id of a delivery: the version of its task in which the task ended.
package struct DeliveryID: Hashable, Sendable, CustomStringConvertible {
    package var taskID: TaskID
    package var version: Int

    package init(taskID: TaskID, version: Int) {
        self.taskID = taskID
        self.version = version
    }

    /// The `webhook-id`, the same for every attempt. Without a dot, which separates the signed parts.
    package var description: String { "msg_\(taskID)_\(version)" }
}
