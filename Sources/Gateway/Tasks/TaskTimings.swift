package import VideoJobs

/// When a task reached each step, by its history: `nil` for a step that it has not reached.
///
/// After an operator had the job sent again, the steps of the last submission.
package struct TaskTimings: Equatable, Sendable {
    /// When the job became durable.
    package private(set) var created: Timestamp?
    /// When the last attempt to send it began.
    package private(set) var sent: Timestamp?
    /// When the provider's task was known.
    package private(set) var accepted: Timestamp?
    /// When the provider was known to have finished.
    package private(set) var finished: Timestamp?
    /// When the task reached a final state.
    package private(set) var ended: Timestamp?

    /// - Parameter events: the task's history, oldest first.
    package init(_ events: [TaskEventRecord]) {
        for event in events { follow(event) }
    }

    private mutating func follow(_ event: TaskEventRecord) {
        switch event.name {
        case "admitted": created = event.at
        case "sending":
            sent = event.at
            (accepted, finished, ended) = (nil, nil, nil)
        case "accepted", "adopted":
            accepted = event.at
            ended = nil
        case "archiving", "recovered":
            finished = event.at
            ended = nil
        case "completed", "failed", "dismissed", "cancelled", "uncertain": ended = ended ?? event.at
        case "resubmitted", "not_accepted": (accepted, finished, ended) = (nil, nil, nil)
        default: break  // No step of the job, such as progress, a review or the end of retention.
        }
    }
}
