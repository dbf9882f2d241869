import VideoJobs

/// A task that waits to be sent, or whose submission is in progress.
struct QueuedTask: Equatable {
    /// The admission number: the order of the queue.
    let number: UInt64
    let id: TaskID
    /// The request body; `nil` for jobs far from the front, whose payload is read from the store.
    var payload: [UInt8]?
    /// The traits of the job; `nil` until they are needed, because a job was rejected.
    var traits: JobTraits?
    /// The number of rejections in the queue when this submission began.
    var rejectionsAtStart = 0
    /// The version of the account's credentials when this submission began.
    var credentialsVersion = 0
}
