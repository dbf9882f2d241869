package import VideoJobs

/// What each sum of a usage report is about.
package enum UsageGrouping: String, CaseIterable, Sendable {
    case client, model, day

    /// Returns the name of the sum to which a task adds something at a time.
    package func name(of record: TaskRecord, at time: Timestamp) -> String {
        switch self {
        case .client: record.client
        case .model: record.model
        case .day: "\(UTCDate(of: time))"
        }
    }
}
