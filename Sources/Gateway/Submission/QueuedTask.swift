import VideoJobs

/// A task that waits to be sent, or whose submission is in progress.
struct QueuedTask: Equatable {
    /// The order of admission.
    let number: UInt64
    let id: TaskID
    /// In memory for jobs near the front; the store has it otherwise.
    var payload: [UInt8]?
    /// The job's traits; read only while some job is rejected.
    var traits: JobTraits?
    /// The queue's count of rejections when this submission began.
    var refusalsSeen = 0
    /// The version of the account's credentials when this submission began.
    var credentialsVersion = 0
}
