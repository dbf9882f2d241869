import CrashPoints
import Logging
import Synchronization
import VideoJobs

/// Makes lifecycle events durable: decide on the newest record, save by compare-and-set, publish.
///
/// The only writer of task records. Two events for one task may race: the loser decides again on what the
/// winner left.
struct TaskJournal: Sendable {
    struct Outcome: Sendable {
        var record: TaskRecord
        /// What remains to be done.
        var effects: [TaskLifecycle.Effect]
        /// Whether the event changed the record.
        var changed: Bool
    }

    private let store: any TaskStore
    private let cache: StatusCache
    private let health: StoreHealth
    private let marks: HighWaterMarks
    /// Looks for saves that failed and may be durable all the same.
    private let search: Worker
    private let log: TransitionLog
    private let doubts = UnconfirmedWrites()

    init(
        ports: GatewayPorts, cache: StatusCache, health: StoreHealth, marks: HighWaterMarks, search: Worker
    ) {
        self.store = ports.store
        self.log = TransitionLog(ports.log)
        self.cache = cache
        self.health = health
        self.marks = marks
        self.search = search
    }

    /// Applies one event. Returns `nil` if there is no such task.
    ///
    /// A save that failed may be durable all the same. So when the event is repeated, the save is looked for
    /// first, and counts as done if it is found.
    func apply(_ event: TaskLifecycle.Event, to id: TaskID) async throws(StoreError) -> Outcome? {
        var doubt = doubts.of(id)
        var known = doubt == nil ? cache.record(id.text) : nil
        var owed: [TaskLifecycle.Effect] = []
        while true {
            if known == nil { known = try await stored(id) }
            guard let before = known else { return nil }
            if let late = doubt, late.record == before {
                cache.publish(before)
                // Of those who ask at once one has done it, and one does what it calls for.
                let effects = doubts.takeEffects(of: late)
                if late.isRepeated(by: event), doubts.claim(late) {
                    log.note(late.record, after: late.before.state)
                    return Outcome(record: before, effects: effects, changed: true)
                }
                owed = effects
            }
            doubt = nil
            var life = TaskLifecycle(before)
            let effects = life.apply(event)
            guard case .save(let name, let detail)? = effects.first else {
                return Outcome(record: before, effects: owed + effects, changed: false)
            }
            let record = life.record
            let line = TaskEventRecord(number: record.version, at: record.updated, name: name, detail: detail)
            let change = TaskChange(from: before, to: record, event: line)
            let rest = owed + effects.dropFirst()
            if try await save(change, UnconfirmedWrites.Doubt(before: before, record: record, effects: rest))
            {
                return Outcome(record: record, effects: rest, changed: true)
            }
            known = nil  // Someone else was faster: what the store has now is the truth.
        }
    }

    /// Looks whether a save that failed is durable, and returns what it calls for if it is.
    func confirm(_ id: TaskID) async throws(StoreError) -> Outcome? {
        guard let doubt = doubts.of(id), !doubt.isSettled else { return nil }
        let record = try await stored(id)
        guard record == doubt.record else {
            _ = doubts.claim(doubt)
            return nil
        }
        cache.publish(doubt.record)
        log.note(doubt.record, after: doubt.before.state)
        let effects = doubts.takeEffects(of: doubt)
        // Whoever asks for it again learns from the record that it has ended.
        if !doubt.record.hasWorkLeft { _ = doubts.claim(doubt) }
        return Outcome(record: doubt.record, effects: effects, changed: false)
    }

    private func stored(_ id: TaskID) async throws(StoreError) -> TaskRecord? {
        try await health.watching { () throws(StoreError) in try await store.task(id) }
    }

    private func save(_ change: TaskChange, _ doubt: UnconfirmedWrites.Doubt) async throws(StoreError) -> Bool
    {
        let id = change.record.id
        do {
            let saved = try await health.watching { () throws(StoreError) in try await store.save(change) }
            guard saved else { return false }
            marks.noteCommit()
            reached(.changeDurable)
            cache.publish(change.record)
            reached(.changePublished)
            log.note(change.record, after: change.before.state)
            doubts.forget(id)
            return true
        } catch {
            doubts.note(doubt, of: id)
            // A submission asks again by itself until it knows.
            let isSubmission = change.before.state == .sending || change.record.state == .sending
            if !isSubmission { search.plan(id, after: .seconds(1)) }
            throw error
        }
    }
}
