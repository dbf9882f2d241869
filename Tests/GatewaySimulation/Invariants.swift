import GatewayFakes
import VideoJobs

@testable import Gateway

/// Checks what must hold after every step. It uses only what is visible outside the gateway: durable changes,
/// calls to the provider, and responses to clients.
struct Invariants {
    var tasks: [TaskID: ObservedTask] = [:]
    private(set) var order: [TaskID] = []
    /// The tasks with a callback.
    var withCallback: Set<TaskID> = []
    /// The durable ends of tasks with a callback, by the ids of their webhooks.
    private(set) var ends: [String: WebhookType] = [:]
    /// The number of durable changes that were checked.
    private(set) var changes = 0
    /// Admitted tasks in the order in which their clients received the responses.
    var waitingTasks: [WaitingTask] = []
    var turns = TurnInvariant(weights: Clients.weights)
    private var occupied = 0
    private var billedByKey: [String: (billed: Int, tasks: Set<TaskID>)] = [:]
    private var sendingNow: Set<Int> = []
    private var polling: Set<ProviderTaskID> = []
    private var lastPoll: [ProviderTaskID: MonotonicTime] = [:]
    private var shortGaps: [ProviderTaskID: Int] = [:]
    /// The end of the `Retry-After` of each rejected task.
    private var retryAfterEnds: [TaskID: MonotonicTime] = [:]
    private(set) var wallOffsetAtStart = Duration.zero
    /// The event sequence of the last change that the process has published.
    var lastCommitted: Int64 = 0

    /// A task with the steps at which its client sent the request and received the response.
    struct WaitingTask {
        let id: TaskID
        let sent: Int
        let received: Int
    }

    let settings: GatewaySettings
    let clock: ManualClock

    init(settings: GatewaySettings, clock: ManualClock) {
        self.settings = settings
        self.clock = clock
    }

    /// Forgets the work of the last process and checks that the store lost nothing.
    mutating func begin(with durable: [TaskRecord]) throws {
        wallOffsetAtStart = clock.wallOffset
        lastCommitted = 0
        turns.reset()
        sendingNow = []
        polling = []
        lastPoll = [:]
        shortGaps = [:]
        retryAfterEnds = [:]
        waitingTasks = durable.indices.map {
            WaitingTask(id: durable[$0].id, sent: $0 - 1_000_000, received: $0 - 1_000_000)
        }
        let kept = Dictionary(uniqueKeysWithValues: durable.map { ($0.id, $0) })
        for (id, task) in tasks {
            guard kept[id] == task.newest else {
                throw InvariantError("\(id): the store lost a durable change")
            }
        }
    }

    /// Checks a durable change.
    mutating func note(_ change: StoredChange) throws {
        changes += 1
        switch change {
        case .admitted(let record, let claim):
            guard tasks[record.id] == nil else { throw InvariantError("\(record.id): admitted twice") }
            var task = ObservedTask(admitted: record)
            task.key = claim.map { "\($0.client)/\($0.key)" }
            tasks[record.id] = task
            try checkCeiling(at: record.created, by: record)
            if record.state.isInFlight { try occupy(record.id) }
            order.append(record.id)
        case .saved(let record, let before, let name):
            try follow(record, before, name)
            if withCallback.contains(record.id), let end = WebhookType(for: record, after: before) {
                ends[DeliveryID.webhook(record.id, version: record.version).description] = end
            }
            if name == "resubmitted", let time = record.resubmitted {
                try checkCeiling(at: time, by: record)
            }
        }
    }

    /// Checks that the submissions of a day, with one that was just ordered, stay within its ceiling.
    private func checkCeiling(at time: Timestamp, by record: TaskRecord) throws {
        guard let ceiling = settings.ceilings.day else { return }
        let start = UTCDate(of: time).start
        let sum = tasks.values.reduce(0) { $0 + $1.newest.consumption(since: start) }
        if sum > ceiling {
            throw InvariantError("\(record.id): submitted with \(sum) of \(ceiling) micro-dollars in use")
        }
    }

    private mutating func occupy(_ id: TaskID) throws {
        occupied += 1
        try checkOccupied(by: id)
    }

    private func checkOccupied(by id: TaskID) throws {
        if occupied > settings.maxInFlight {
            throw InvariantError("\(id): \(occupied) in flight, \(settings.maxInFlight) allowed")
        }
    }

    private mutating func follow(_ record: TaskRecord, _ before: TaskRecord, _ name: String) throws {
        let id = record.id
        guard tasks[id] != nil else { throw InvariantError("\(id): saved but never admitted") }
        try tasks[id]?.follow(record, before: before, name)
        if before.state == .uncertain { waitingTasks.removeAll { $0.id == id } }
        // An adopted task runs even if no slot is free.
        if tasks[id]?.adoptions == 0 {
            occupied += (record.state.isInFlight ? 1 : 0) - (before.state.isInFlight ? 1 : 0)
        }
        if record.state == .sending { try checkOccupied(by: id) }
        if record.state == .completed, before.state != .completed {
            let now = clock.monotonic()
            tasks[id]?.completed = (now, .milliseconds(record.updated.milliseconds - now.milliseconds))
        }
    }

    /// Checks an event outside the gateway.
    ///
    /// - Parameter settlementsInFlight: each may cause one provider call.
    mutating func note(_ event: ExternalEvent, settlementsInFlight: Int) throws {
        let now = clock.monotonic()
        switch event {
        case .called(let id, let number):
            guard tasks[id] != nil else { throw InvariantError("\(id): sent but never admitted") }
            try tasks[id]?.create(number)
            sendingNow.insert(number)
            if sendingNow.count > settings.maxInFlight {
                throw InvariantError("\(sendingNow.count) creates at once")
            }
            try checkRetryAfter(id, at: now)
        case .accepted(let id, let number):
            try bill(id, number)
        case .verdictReturned(let id, let number, let verdict):
            sendingNow.remove(number)
            receive(verdict, id, number, at: now)
        case .pollBegan(let providerTaskID, let taskID):
            try beginPoll(providerTaskID, of: taskID.flatMap { tasks[$0]?.newest }, at: now)
            let most = settings.pollsInFlight + settings.copiesInFlight + settlementsInFlight
            if polling.count > most {
                throw InvariantError("\(polling.count) polls at once, \(most) allowed")
            }
        case .pollEnded(let providerTaskID):
            polling.remove(providerTaskID)
        case .removed(let id):
            try checkRemoval(of: id)
            tasks[id]?.isRemoved = true
        }
    }

    private func checkRetryAfter(_ id: TaskID, at now: MonotonicTime) throws {
        guard let until = retryAfterEnds[id], now < until else { return }
        throw InvariantError("\(id): sent before Retry-After was over")
    }

    private mutating func bill(_ id: TaskID, _ number: Int) throws {
        tasks[id]?.change(number) { $0.isBilled = true }
        guard let task = tasks[id] else { return }
        guard task.billed <= 1 + task.resubmissions else {
            throw InvariantError(
                "\(id): billed \(task.billed) times, resubmitted \(task.resubmissions) times")
        }
        guard let key = task.key else { return }
        var sum = billedByKey[key] ?? (0, [])
        sum.billed += 1
        sum.tasks.insert(id)
        billedByKey[key] = sum
        let allowed = 1 + sum.tasks.reduce(0) { $0 + (tasks[$1]?.resubmissions ?? 0) }
        if sum.billed > allowed { throw InvariantError("Idempotency-Key \(key): billed \(sum.billed) times") }
    }

    private mutating func receive(
        _ verdict: SubmissionVerdict, _ id: TaskID, _ number: Int, at now: MonotonicTime
    ) {
        let ending: ObservedTask.CreateEnding
        switch verdict {
        case .accepted: ending = .accepted
        case .refused: ending = .refused
        case .unknown: ending = .unknown
        case .notAccepted(_, let retryAfter, _), .blocked(_, let retryAfter, _):
            ending = .notAccepted
            retryAfterEnds[id] = retryAfter.map { now + $0 }
        }
        tasks[id]?.change(number) { $0.ending = ending }
    }

    private mutating func beginPoll(
        _ providerTaskID: ProviderTaskID, of record: TaskRecord?, at now: MonotonicTime
    ) throws {
        guard polling.insert(providerTaskID).inserted else {
            throw InvariantError("\(providerTaskID): polled twice at once")
        }
        defer { lastPoll[providerTaskID] = now }
        guard let last = lastPoll[providerTaskID], now - last < settings.poll.interval / 2 else { return }
        // Shorter only once, to meet the deadline; once per failed copy, for new links; and for a settlement.
        guard record?.evidence == nil else { return }
        shortGaps[providerTaskID, default: 0] += 1
        guard shortGaps[providerTaskID, default: 0] <= 1 + (record?.archiveFailures ?? 0) else {
            throw InvariantError("\(providerTaskID): polled again after \(now - last)")
        }
    }
}
