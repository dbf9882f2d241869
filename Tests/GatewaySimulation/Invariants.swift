import GatewayFakes
import Synchronization
import VideoJobs

@testable import Gateway

/// What must hold after every step. It sees only what happened outside the gateway: durable changes, what
/// reached the provider, what callers heard.
struct Invariants {
    private(set) var tasks: [TaskID: TaskWatch] = [:]
    private(set) var order: [TaskID] = []
    /// How many durable changes are checked.
    private(set) var changes = 0
    /// Tasks that wait or will, in the order in which their clients heard of it.
    private var line: [Waiter] = []
    private var occupied = 0
    private var billedByKey: [String: (billed: Int, tasks: Set<TaskID>)] = [:]
    private var sendingNow: Set<Int> = []
    private var polling: Set<ProviderTaskID> = []
    private var lastPoll: [ProviderTaskID: MonotonicTime] = [:]
    private var shortGaps: [ProviderTaskID: Int] = [:]
    /// Until when the provider asked not to be sent a job again.
    private var silence: [TaskID: MonotonicTime] = [:]
    private var wallOffsetAtStart = Duration.zero

    /// Who stands in line: when a client asked, and when it was told, in steps.
    private struct Waiter {
        let id: TaskID
        let asked: Int
        let report: Int
    }

    private let settings: GatewaySettings
    private let clock: ManualClock

    init(settings: GatewaySettings, clock: ManualClock) {
        self.settings = settings
        self.clock = clock
    }

    /// The process is gone, and with it what it was about to do.
    mutating func begin(with durable: [TaskRecord]) throws {
        wallOffsetAtStart = clock.wallOffset
        sendingNow = []
        polling = []
        lastPoll = [:]
        shortGaps = [:]
        silence = [:]
        line = durable.indices.map {
            Waiter(id: durable[$0].id, asked: $0 - 1_000_000, report: $0 - 1_000_000)
        }
        let kept = Dictionary(uniqueKeysWithValues: durable.map { ($0.id, $0) })
        for (id, watch) in tasks {
            guard kept[id] == watch.newest else { throw Violation("\(id): the store lost what was durable") }
        }
    }

    mutating func note(_ change: StoredChange) throws {
        changes += 1
        switch change {
        case .admitted(let record, let claim):
            guard tasks[record.id] == nil else { throw Violation("\(record.id): admitted twice") }
            var watch = TaskWatch(admitted: record)
            watch.key = claim.map { "\($0.client)/\($0.key)" }
            tasks[record.id] = watch
            if record.state.isInFlight { try occupy(record.id) }
            order.append(record.id)
        case .saved(let record, let before, let name):
            try follow(record, before, name)
        }
    }

    private mutating func occupy(_ id: TaskID) throws {
        occupied += 1
        try checkOccupied(by: id)
    }

    private func checkOccupied(by id: TaskID) throws {
        if occupied > settings.maxInFlight {
            throw Violation("\(id): \(occupied) in flight, \(settings.maxInFlight) allowed")
        }
    }

    private mutating func follow(_ record: TaskRecord, _ before: TaskRecord, _ name: String) throws {
        let id = record.id
        guard tasks[id] != nil else { throw Violation("\(id): saved but never admitted") }
        try tasks[id]?.follow(record, before: before, name)
        if before.state == .uncertain { line.removeAll { $0.id == id } }
        // An adopted task runs whether there is room for it or not.
        if tasks[id]?.adoptions == 0 {
            occupied += (record.state.isInFlight ? 1 : 0) - (before.state.isInFlight ? 1 : 0)
        }
        if record.state == .sending { try checkOccupied(by: id) }
        if record.state == .completed, before.state != .completed {
            let now = clock.monotonic()
            tasks[id]?.completed = (now, .milliseconds(record.updated.milliseconds - now.milliseconds))
        }
    }

    /// - Parameter settling: operators waiting for a settlement; each may cause one provider call.
    mutating func note(_ event: OutsideEvent, settling: Int) throws {
        let now = clock.monotonic()
        switch event {
        case .called(let id, let number):
            guard tasks[id] != nil else { throw Violation("\(id): sent but never admitted") }
            try tasks[id]?.create(number)
            sendingNow.insert(number)
            if sendingNow.count > settings.maxInFlight {
                throw Violation("\(sendingNow.count) creates at once")
            }
            try checkSilence(id, at: now)
        case .accepted(let id, let number):
            try bill(id, number)
        case .verdictReturned(let id, let number, let verdict):
            sendingNow.remove(number)
            receive(verdict, id, number, at: now)
        case .pollBegan(let providerTaskID, let taskID):
            try beginPoll(providerTaskID, of: taskID.flatMap { tasks[$0]?.newest }, at: now)
            let most = settings.pollsInFlight + settings.copiesInFlight + settling
            if polling.count > most { throw Violation("\(polling.count) polls at once, \(most) allowed") }
        case .pollEnded(let providerTaskID):
            polling.remove(providerTaskID)
        case .removed(let id):
            try checkRemoval(of: id)
            tasks[id]?.isRemoved = true
        }
    }

    private func checkSilence(_ id: TaskID, at now: MonotonicTime) throws {
        guard let until = silence[id], now < until else { return }
        throw Violation("\(id): sent before Retry-After was over")
    }

    private mutating func bill(_ id: TaskID, _ number: Int) throws {
        tasks[id]?.change(number) { $0.isBilled = true }
        guard let watch = tasks[id] else { return }
        guard watch.billed <= 1 + watch.resubmissions else {
            throw Violation("\(id): billed \(watch.billed) times, resubmitted \(watch.resubmissions) times")
        }
        guard let key = watch.key else { return }
        var sum = billedByKey[key] ?? (0, [])
        sum.billed += 1
        sum.tasks.insert(id)
        billedByKey[key] = sum
        let allowed = 1 + sum.tasks.reduce(0) { $0 + (tasks[$1]?.resubmissions ?? 0) }
        if sum.billed > allowed { throw Violation("Idempotency-Key \(key): billed \(sum.billed) times") }
    }

    private mutating func receive(
        _ verdict: SubmissionVerdict, _ id: TaskID, _ number: Int, at now: MonotonicTime
    ) {
        let ending: TaskWatch.CreateEnding
        switch verdict {
        case .accepted: ending = .accepted
        case .refused: ending = .refused
        case .unknown: ending = .unknown
        case .notAccepted(_, let wish, _), .blocked(_, let wish, _):
            ending = .notAccepted
            silence[id] = wish.map { now + $0 }
        }
        tasks[id]?.change(number) { $0.ending = ending }
    }

    private mutating func beginPoll(
        _ providerTaskID: ProviderTaskID, of record: TaskRecord?, at now: MonotonicTime
    ) throws {
        guard polling.insert(providerTaskID).inserted else {
            throw Violation("\(providerTaskID): asked twice at once")
        }
        defer { lastPoll[providerTaskID] = now }
        guard let last = lastPoll[providerTaskID], now - last < settings.poll.interval / 2 else { return }
        // Sooner only once to meet the deadline, for fresh links as often as copying failed, and for an
        // operator who wants to know.
        guard record?.evidence == nil else { return }
        shortGaps[providerTaskID, default: 0] += 1
        guard shortGaps[providerTaskID, default: 0] <= 1 + (record?.archiveFailures ?? 0) else {
            throw Violation("\(providerTaskID): asked again after \(now - last)")
        }
    }
}

extension Invariants {
    /// Nobody may be told what is not durable.
    mutating func note(_ report: ClientReport, _ moment: (asked: Int, now: Int)) throws {
        switch report {
        case .record(let record):
            try checkDurable(record)
        case .admission(_, let admitted?, _):
            try checkDurable(admitted.record)
            tasks[admitted.record.id]?.isToldAdmitted = true
            if !admitted.replayed {
                line.append(Waiter(id: admitted.record.id, asked: moment.asked, report: moment.now))
            }
        case .cancelled(let id):
            guard tasks[id]?.newest.state == .cancelled else { throw Violation("\(id): not cancelled") }
        case .admission, .started, .stopped, .content, .settlement:
            break
        }
    }

    private func checkDurable(_ record: TaskRecord) throws {
        guard let watch = tasks[record.id] else { throw Violation("\(record.id): told but not stored") }
        guard record.version <= watch.history.count, watch.history[record.version - 1] == record else {
            throw Violation("\(record.id): version \(record.version) was told but is not durable")
        }
    }

    /// Who was told before another asked is before it in line.
    func checkLine(of life: GatewayProcess) throws {
        let waiting = line.filter { tasks[$0.id]?.newest.state == .queued }
        let positions = life.gateway.services.submissions.queue.withLock { queue in
            waiting.map { queue.position(of: $0.id) }
        }
        guard Set(positions.compactMap(\.self)).count == positions.compactMap(\.self).count else {
            throw Violation("two tasks at one position: \(positions)")
        }
        for (place, one) in waiting.enumerated() {
            guard let position = positions[place] else { continue }
            for (before, other) in zip(waiting, positions).prefix(place) where before.report < one.asked {
                guard let other, other > position else { continue }
                throw Violation("\(before.id): overtaken by \(one.id), which stands at \(position)")
            }
        }
    }

    /// A video is kept for as long as was promised, by a clock that does not jump. Only a process that began
    /// under a wall clock that had jumped ahead cannot know better.
    func checkRemoval(of id: TaskID) throws {
        guard let keep = settings.keep, let completed = tasks[id]?.completed else {
            throw Violation("\(id): removed, but never to be removed")
        }
        let misled = max(.zero, wallOffsetAtStart - completed.wallOffset)
        let kept = clock.monotonic() - completed.at
        guard kept >= keep - misled, tasks[id]?.newest.state == .completed else {
            throw Violation("\(id): removed after \(kept)")
        }
    }
}
