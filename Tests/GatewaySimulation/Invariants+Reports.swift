import GatewayFakes
import Synchronization
import VideoJobs

@testable import Gateway

extension Invariants {
    /// Checks that a client receives only durable state.
    mutating func note(_ report: ClientReport, _ moment: (sent: Int, now: Int)) throws {
        switch report {
        case .record(let record):
            try checkDurable(record)
        case .admission(_, let admitted?, _):
            try checkDurable(admitted.record)
            tasks[admitted.record.id]?.isAdmissionReported = true
            if !admitted.replayed {
                waitingTasks.append(
                    WaitingTask(id: admitted.record.id, sent: moment.sent, received: moment.now))
            }
        case .committed(let change):
            try checkDurable(change.record)
            guard change.sequence > lastCommitted else {
                throw InvariantError("\(change.record.id): published after a later change, or twice")
            }
            lastCommitted = change.sequence
        case .cancelled(let id):
            guard tasks[id]?.newest.state == .cancelled else { throw InvariantError("\(id): not cancelled") }
        case .admission, .started, .stopped, .content, .settlement:
            break
        }
    }

    private func checkDurable(_ record: TaskRecord) throws {
        guard let task = tasks[record.id] else {
            throw InvariantError("\(record.id): returned but not stored")
        }
        guard record.version <= task.history.count, task.history[record.version - 1] == record else {
            throw InvariantError("\(record.id): version \(record.version) was returned but is not durable")
        }
    }

    /// Checks the order of the queue: of one client's tasks, a task whose response was received before the
    /// request for another was sent is before the other; and clients have their turns.
    mutating func checkQueueOrder(of process: GatewayProcess) throws {
        let waiting = waitingTasks.filter { tasks[$0.id]?.newest.state == .queued }
        let queue = process.gateway.services.submissions.queue.withLock(\.self)
        let positions = waiting.map { queue.position(of: $0.id) }
        try turns.check(TurnInvariant.Snapshot(queue))
        guard Set(positions.compactMap(\.self)).count == positions.compactMap(\.self).count else {
            throw InvariantError("two tasks at one position: \(positions)")
        }
        for (index, later) in waiting.enumerated() {
            // A task whose intent may be durable is sent before all others.
            guard let position = positions[index], position > queue.unconfirmedSends.count else { continue }
            for (earlier, other) in zip(waiting, positions).prefix(index)
            where earlier.received < later.sent && client(of: earlier) == client(of: later) {
                guard let other, other > position else { continue }
                throw InvariantError("\(earlier.id): overtaken by \(later.id) at position \(position)")
            }
        }
    }

    private func client(of task: WaitingTask) -> String? { tasks[task.id]?.newest.client }

    /// Checks that content is kept for the retention time on the monotonic clock. A process that started
    /// while the wall clock was ahead may remove it earlier by that difference.
    func checkRemoval(of id: TaskID) throws {
        guard let keep = settings.keep, let completed = tasks[id]?.completed else {
            throw InvariantError("\(id): removed without a retention time")
        }
        let clockError = max(.zero, wallOffsetAtStart - completed.wallOffset)
        let kept = clock.monotonic() - completed.at
        guard kept >= keep - clockError, tasks[id]?.newest.state == .completed else {
            throw InvariantError("\(id): removed after \(kept)")
        }
    }
}

extension TurnInvariant.Snapshot {
    init(_ queue: SubmissionQueue) {
        let positions = queue.keys.compactMap { id, key in
            queue.position(of: id).map { (position: $0, id: id, client: key.client) }
        }
        waiting = positions.sorted { $0.position < $1.position }.map { ($0.id, $0.client) }
        occupied = queue.occupied
        isHolding =
            queue.hasRejectionPatterns || !queue.backoffs.isEmpty || queue.gate.closure != nil
            || queue.isPaused || !queue.unconfirmedSends.isEmpty
    }
}
