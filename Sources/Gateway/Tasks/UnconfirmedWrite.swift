import VideoJobs

/// One write whose reply was an error.
struct UnconfirmedWrite: Sendable {
    let before: TaskRecord
    let record: TaskRecord
    /// It was found durable and is published; its caller may still repeat it.
    var isConfirmed = false

    init(_ transition: TaskTransition) {
        before = transition.before
        record = transition.record
    }

    /// Returns whether an event asks for what was written.
    func isRepeated(by event: TaskLifecycle.Event) -> Bool {
        var life = TaskLifecycle(before)
        guard var repeated = life.apply(event)?.record else { return false }
        repeated.updated = record.updated
        if repeated.resubmitted != nil { repeated.resubmitted = record.resubmitted }
        if repeated.accepted != nil { repeated.accepted = record.accepted }
        if repeated.completed != nil { repeated.completed = record.completed }
        return repeated == record
    }
}
