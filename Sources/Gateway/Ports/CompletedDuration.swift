package import VideoJobs

/// How long the provider and the archive took for the video of one task.
package struct CompletedDuration: Equatable, Sendable {
    package let model: String
    /// `nil` if it is unknown.
    package let resolution: String?
    package let duration: Duration

    package init(model: String, resolution: String?, duration: Duration) {
        self.model = model
        self.resolution = resolution
        self.duration = duration
    }

    /// `nil` for a task that is not complete, or whose duration is unknown.
    package init?(_ record: TaskRecord) {
        guard record.state == .completed, let duration = record.duration else { return nil }
        self.init(model: record.model, resolution: record.resolution, duration: duration)
    }
}
