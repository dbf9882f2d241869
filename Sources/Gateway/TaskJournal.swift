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

/// Whether the store works: remembers the trouble that a call showed, and looks by itself whether it is over.
///
/// A call that works proves little: a full disk is still read, and still takes a small row. So trouble ends
/// only when the store has passed its own check, which needs no traffic: whoever keeps jobs away because of
/// `/readyz` sees it come back.
final class StoreHealth: Sendable {
    private struct State {
        var trouble: StoreError?
        /// Checks in a row that failed.
        var failures = 0
        var waiting: [AsyncEvent] = []
        var isStopped = false
    }

    private let ports: GatewayPorts
    private let settings: GatewaySettings
    private let alarm: ReschedulableTimer
    private let state = Mutex(State())

    init(ports: GatewayPorts, settings: GatewaySettings) {
        self.ports = ports
        self.settings = settings
        self.alarm = ReschedulableTimer(ports: ports)
    }

    var trouble: StoreError? { state.withLock { $0.trouble } }

    /// Why no job is taken although the store might take it: nothing is to be built on damage.
    var damage: StoreError? {
        guard let trouble, case .damaged = trouble else { return nil }
        return trouble
    }

    /// Begins to look now and then, since files are also taken away while nobody calls.
    func start() { plan() }

    /// Looks no further; failures to come are those of a closed store.
    func stop() {
        let waiting = state.withLock { state in
            state.isStopped = true
            defer { state.waiting = [] }
            return state.waiting
        }
        alarm.stop()
        for signal in waiting { signal.set() }
    }

    /// Passes a store call's ending on and remembers what it says of the store.
    func watching<Value>(
        _ call: () async throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        do {
            return try await call()
        } catch {
            note(error)
            throw error
        }
    }

    /// Returns when the trouble is over, or at the given time.
    func recovered(by time: MonotonicTime) async {
        let signal = AsyncEvent()
        state.withLock { if !$0.isStopped { $0.waiting.append(signal) } }
        await ports.wait(for: signal, until: time)
        state.withLock { state in state.waiting.removeAll { $0 === signal } }
    }

    private func note(_ failure: StoreError) {
        if case .oneTask = failure { return }
        let isNew = state.withLock { state in
            guard !state.isStopped else { return false }
            defer { state.trouble = failure }
            return state.trouble == nil
        }
        guard isNew else { return }
        tell(failure)
        plan()
    }

    private func look() async {
        do throws(StoreError) {
            try await ports.store.check()
            end()
        } catch {
            fail(error)
        }
        plan()
    }

    private func fail(_ failure: StoreError) {
        let isNew = state.withLock { state in
            guard !state.isStopped else { return false }
            defer { state.trouble = failure }
            state.failures += 1
            return state.trouble?.kind != failure.kind
        }
        if isNew { tell(failure) }
    }

    private func end() {
        let (wasTrouble, waiting) = state.withLock { state in
            defer {
                state.trouble = nil
                state.failures = 0
                state.waiting = []
            }
            return (state.trouble != nil, state.waiting)
        }
        if wasTrouble { ports.log.notice("the store works again: jobs are taken") }
        for signal in waiting { signal.set() }
    }

    /// Once for each trouble: what to do stands in the failure's words.
    private func tell(_ failure: StoreError) {
        ports.log.error(
            "\(failure.message). Jobs are refused until the store works; it is tried again by itself")
    }

    private func plan() {
        let (inTrouble, failures) = state.withLock { ($0.trouble != nil, $0.failures) }
        let delay =
            inTrouble
            ? settings.storeBackoff.delay(after: failures + 1, retryAfter: nil, jitter: ports.jitter())
            : settings.storeCheckInterval
        alarm.set(for: ports.clock.monotonic() + delay) { [weak self] in
            self?.ports.start { [weak self] in await self?.look() }
        }
    }
}

extension StoreError {
    /// The case alone: its words differ from call to call.
    fileprivate enum Kind { case locked, readOnly, full, newer, damaged, unavailable, oneTask }

    fileprivate var kind: Kind {
        switch self {
        case .locked: .locked
        case .readOnly: .readOnly
        case .full: .full
        case .newer: .newer
        case .damaged: .damaged
        case .unavailable: .unavailable
        case .oneTask: .oneTask
        }
    }
}
