import VideoJobs

/// A task that waits to be sent, or whose submission is in progress.
struct QueuedTask: Equatable {
    /// What determines the position of a task in the queue.
    struct Key: Equatable {
        let number: UInt64
        let client: String
    }

    /// The admission number: the order of one client's tasks.
    let number: UInt64
    let id: TaskID
    let client: String
    /// The request body; `nil` for jobs far from the front, whose payload is read from the store.
    var payload: [UInt8]?
    /// The traits of the job; `nil` until they are needed, because a job was rejected.
    var traits: JobTraits?
    /// The number of rejections in the queue when this submission began.
    var rejectionsAtStart = 0
    /// The version of the account's credentials when this submission began.
    var credentialsVersion = 0
    /// The virtual time that its client was charged for this submission; 0 if it did not wait.
    var turnCost = 0

    var key: Key { Key(number: number, client: client) }
}
