import VideoJobs

/// The work that a task needs now, decided from its record alone.
///
/// Level-triggered: one record always gives the same kind of work, so following a plan that is already being
/// followed changes nothing. The record before decides only how soon the first poll comes.
enum WorkPlan: Equatable {
    case nothing
    /// Wait in the queue for a place at the provider, then send.
    case submit
    case poll(FirstPoll)
    /// Poll slowly for a late result of a timed-out task.
    case pollDuringGrace(until: Timestamp)
    /// Copy the results that are not archived yet.
    case archive

    enum FirstPoll: Equatable {
        /// After the time that the job is expected to take.
        case afterEstimate
        /// At once: an adopted task has been running for an unknown time.
        case immediately
        /// Within one poll interval, at random, so that a start with many tasks does not poll all at once.
        case spread
    }

    /// Decides the work for a record.
    ///
    /// - Parameter before: the record that it replaces; `nil` for a new task and for one recovered at start.
    init(for record: TaskRecord, after before: TaskRecord?) {
        switch record.state {
        case .queued: self = .submit
        case .running: self = .poll(FirstPoll(after: before?.state))
        case .archiving: self = .archive
        case .completed: self = record.graceDeadline == nil ? .nothing : .archive
        case .failed: self = record.graceDeadline.map { .pollDuringGrace(until: $0) } ?? .nothing
        // A submission is in progress; or the task has ended.
        case .sending, .uncertain, .cancelled: self = .nothing
        }
    }
}

extension WorkPlan.FirstPoll {
    fileprivate init(after state: TaskState?) {
        switch state {
        case nil: self = .spread
        case .uncertain: self = .immediately
        case .queued, .sending, .running, .archiving, .completed, .failed, .cancelled: self = .afterEstimate
        }
    }
}
