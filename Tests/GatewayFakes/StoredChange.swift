package import Gateway
package import VideoJobs

/// One durable change of a `MemoryTaskStore`.
package enum StoredChange: Sendable {
    case admitted(TaskRecord, IdempotencyClaim?)
    case saved(TaskRecord, before: TaskRecord, name: String)
}
