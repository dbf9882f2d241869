import VideoJobs

/// A task that waits to be sent, or whose submission has begun.
struct QueuedTask: Equatable {
    /// The order of admission.
    let number: UInt64
    let id: TaskID
    /// Kept for jobs that are sent soon; the store has it otherwise.
    var payload: [UInt8]?
    /// What it asks for; read only while some job is refused.
    var traits: JobTraits?
    /// How many refusals the queue had counted when this submission began.
    var refusalsSeen = 0
}
