import CrashPoints
import VideoJobs

/// The tasks: reads them from memory or the store, and is the only writer of their records.
///
/// An event is decided on the newest record and saved by compare-and-set. The store delivers the change, and
/// the feed publishes it. Two events of one task may race: the loser is decided again on what the winner
/// left.
final class TaskRepository: Sendable {
    /// The outcome of an event.
    struct Outcome: Sendable {
        var record: TaskRecord
        /// Whether the event changed the record.
        var changed: Bool
        /// The limit that kept it from doing so.
        var limit: AdmissionLimit?
    }

    private static let confirmDelay: Duration = .seconds(1)
    private static let confirmRetryDelay: Duration = .seconds(2)
    private static let confirmationsInFlight = 4

    let feed: TaskFeed
    private let cache: TaskCache
    private let ports: GatewayPorts
    private let health: StoreHealth
    private let marks: HighWaterMarks
    private let log: TransitionLog
    private let unconfirmed = UnconfirmedWrites()
    private let confirmations: Scheduler

    init(
        ports: GatewayPorts, cache: TaskCache, feed: TaskFeed, health: StoreHealth, marks: HighWaterMarks
    ) {
        self.ports = ports
        self.cache = cache
        self.feed = feed
        self.health = health
        self.marks = marks
        log = TransitionLog(ports.log)
        confirmations = Scheduler(limit: Self.confirmationsInFlight, ports: ports)
        ports.store.deliverChanges { [weak self] in self?.receive($0) }
    }

    /// Looks for writes that reported an error and are durable all the same, until cancelled.
    func run() async { await confirmations.run { [weak self] in await self?.confirm($0) } }

    /// Returns the record in memory for our task id or the provider's.
    func cached(_ id: String) -> TaskRecord? { cache.record(id) }

    /// Returns a task by our id or the provider's, from memory or the store.
    func task(_ id: String) async throws(StoreError) -> TaskRecord? {
        if let record = cache.record(id) { return record }
        let found = try await health.recordingFailures { () async throws(StoreError) -> TaskRecord? in
            if let record = try await ports.store.task(TaskID(id)) { return record }
            return try await ports.store.task(providerTaskID: ProviderTaskID(id))
        }
        if let found { feed.show(found) }
        return found
    }

    /// Makes a new task durable; it is published when this returns.
    ///
    /// - Parameter intent: the second event of a task that is admitted and sent at once. If the store fails,
    ///   the repeated event looks whether the admission is durable all the same.
    func admit(
        _ task: NewTask, intent: TaskTransition? = nil
    ) async throws(StoreError) -> AdmissionOutcome {
        let outcome: AdmissionOutcome
        do {
            outcome = try await health.recordingFailures { () throws(StoreError) in
                try await ports.store.admit(task)
            }
        } catch {
            // A failure of this task alone leaves nothing behind.
            if case .oneTask = error { throw error }
            if let intent { insertUnconfirmed(intent) }
            throw error
        }
        // Its admission may have become durable although the store had reported an error.
        if case .replayed(let earlier) = outcome {
            feed.publish(earlier, after: nil)
            return .replayed(cache.record(earlier.id.text) ?? earlier)
        }
        return outcome
    }

    /// Applies one event and makes its transition durable. Returns `nil` if there is no such task.
    ///
    /// A write that failed may be durable all the same. When its event is repeated, the write is looked for
    /// first, and counts as done if it is found.
    ///
    /// - Parameters:
    ///   - audit: The record of who caused the event, stored with the transition.
    ///   - limits: What the transition may cost; `nil` if it costs nothing.
    func apply(
        _ event: TaskLifecycle.Event, to id: TaskID, audit: AuditRecord? = nil, limits: AdmissionLimits? = nil
    ) async throws(StoreError) -> Outcome? {
        var write = unconfirmed.write(of: id)
        var known = write == nil ? cache.record(id.text) : nil
        while true {
            if known == nil { known = try await stored(id) }
            guard let before = known else {
                unconfirmed.remove(id)
                return nil
            }
            if let write, write.record == before {
                confirm(write)
                if write.isRepeated(by: event), unconfirmed.claim(write) {
                    return Outcome(record: before, changed: true)
                }
            }
            write = nil
            var life = TaskLifecycle(before)
            guard let transition = life.apply(event) else { return Outcome(record: before, changed: false) }
            switch try await save(transition, audit, limits) {
            case .saved: return Outcome(record: transition.record, changed: true)
            case .limited(let limit): return Outcome(record: before, changed: false, limit: limit)
            case .outdated: known = nil  // Another change was faster: the store's record is the newest.
            }
        }
    }

    private func stored(_ id: TaskID) async throws(StoreError) -> TaskRecord? {
        try await health.recordingFailures { () throws(StoreError) in try await ports.store.task(id) }
    }

    private func save(
        _ transition: TaskTransition, _ audit: AuditRecord?, _ limits: AdmissionLimits?
    ) async throws(StoreError) -> SaveOutcome {
        let record = transition.record
        var change = TaskChange(
            from: transition.before, to: record, event: TaskEventRecord(transition), audit: audit)
        change.limits = limits
        change.delivery = NewDelivery(transition, document: ports.document)
        change.notices =
            NoticeSubject(record, after: transition.before).map { ports.notices.notices(of: $0) } ?? []
        let complete = change
        do {
            return try await health.recordingFailures { () throws(StoreError) in
                try await ports.store.save(complete)
            }
        } catch {
            insertUnconfirmed(transition)
            // A submission repeats its events until they are durable.
            let isSubmission = transition.before.state == .sending || record.state == .sending
            if !isSubmission { confirmations.schedule(record.id, after: Self.confirmDelay) }
            throw error
        }
    }

    private func insertUnconfirmed(_ transition: TaskTransition) {
        var write = UnconfirmedWrite(transition)
        // The store may have delivered it before it reported an error.
        write.isConfirmed = cache.record(write.record.id.text) == write.record
        unconfirmed.insert(write)
    }
}

// Publication.
extension TaskRepository {
    /// Publishes changes that the store delivers, in the order of its event sequence.
    private func receive(_ changes: [CommittedChange]) {
        marks.noteCommit()
        for change in changes { receive(change) }
    }

    private func receive(_ change: CommittedChange) {
        // Its unconfirmed write is published when it is confirmed; here it gets its turn in the sequence.
        if change.isFoundLate { return feed.show(change.record, of: change) }
        if let before = change.before {
            reached(.changeDurable)
            unconfirmed.remove(change.record.id)
            log.record(change.record, after: before.state)
        } else {
            reached(.admitted)
            log.recordAdmission(of: change.record)
        }
        feed.publish(change)
    }
}

extension TaskRepository {
    /// Looks whether an unconfirmed write is durable. Returns the next retry time while the store cannot say.
    private func confirm(_ id: TaskID) async -> MonotonicTime? {
        guard let write = unconfirmed.write(of: id) else { return nil }
        do {
            guard try await stored(id) == write.record else {
                _ = unconfirmed.claim(write)
                return nil
            }
            confirm(write)
            // A caller that repeats the event learns from the record that the task has ended.
            if !write.record.hasWorkLeft { _ = unconfirmed.claim(write) }
            return nil
        } catch {
            return ports.clock.monotonic() + Self.confirmRetryDelay
        }
    }

    /// Publishes a write that was found durable. Of concurrent callers exactly one does.
    private func confirm(_ write: UnconfirmedWrite) {
        guard unconfirmed.confirm(write) else { return }
        log.record(write.record, after: write.before.state)
        feed.publish(write.record, after: write.before)
    }
}

extension TaskEventRecord {
    /// The line of history of a transition.
    init(_ transition: TaskTransition) {
        self.init(
            number: transition.record.version, at: transition.record.updated, name: transition.name,
            detail: transition.detail)
    }
}
