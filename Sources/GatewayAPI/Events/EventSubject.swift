import VideoJobs

/// The tasks that an event stream is about. It decides what positions and event ids are.
enum EventSubject: Hashable, Sendable {
    /// All tasks: positions are those of the store's event sequence.
    case all
    /// One task: positions are its versions.
    case task(TaskID)

    /// The position of a change.
    func position(of record: TaskRecord, sequence: Int64) -> Int64 {
        switch self {
        case .all: sequence
        case .task: Int64(record.version)
        }
    }
}
