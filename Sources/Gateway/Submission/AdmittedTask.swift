package import VideoJobs

/// A job that is durable.
package struct AdmittedTask: Sendable {
    package var record: TaskRecord
    /// Whether an earlier job under the same `Idempotency-Key` was joined.
    package var replayed: Bool
}
