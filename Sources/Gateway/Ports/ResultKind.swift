package import VideoJobs

/// Results that may be expected to have about the same size.
package struct ResultKind: Hashable, Sendable {
    package let model: String
    /// `nil` if it is unknown.
    package let resolution: String?

    package init(model: String, resolution: String?) {
        self.model = model
        self.resolution = resolution
    }

    package init(of record: TaskRecord) {
        self.init(model: record.model, resolution: record.resolution)
    }
}
