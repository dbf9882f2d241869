import VideoJobs

/// Who is sent next, and whether anything may be sent at all: a value that decides and does nothing.
///
/// All tasks share one account. What concerns every job (a rejected key, no connection, lost replies) closes
/// the gate for all. A refusal may be about one model, prompt, price or client: the refused task waits alone,
/// those like it wait behind it, and all others go on (see `RefusedKind`). Only when two unlike jobs in a row
/// were refused, or no other kind of job waits, does the account count as blocked.
struct SubmissionQueue {
    /// What the ending of one submission says. Traits are those of the job.
    enum Ending: Equatable {
        case accepted(JobTraits?)
        /// A definite refusal.
        case answered
        /// The reply was lost.
        case unknown
        /// Not taken, perhaps because of what the job is.
        case notAccepted(BlockReason, JobTraits)
        /// Not taken, and no other job would be.
        case blocked(BlockReason)
    }

    /// Tasks near the front that keep their payload in memory.
    private static let payloadsMax = 1000

    /// Places at the provider (`provider.max_in_flight`).
    let limit: Int
    /// Those who are not known to be held.
    var ready = WaitingLine()
    /// Those who were refused themselves and wait for their own time only.
    var resting = WaitingLine()
    /// Those whose sending was not noted, as far as is known. The note may be durable all the same, and then
    /// they count as sent: so each keeps its place, and they go before all others.
    private(set) var begun = WaitingLine()
    var kinds: [RefusedKind] = []
    /// Waiting tasks that were refused themselves.
    var refusedTasks: [TaskID: RefusedTask] = [:]
    /// Whose traits are being read.
    var examining: Set<TaskID> = []
    /// When to go on with a search that was cut short.
    var resumption: MonotonicTime?
    private(set) var gate = AccountGate()
    private(set) var numbers: [TaskID: UInt64] = [:]
    private(set) var occupied: Set<TaskID> = []
    /// Tasks whose submission is in progress.
    private var submitting: Set<TaskID> = []
    private var refusalCount = 0
    private var unknownsInARow = 0
    private var lastNumber: UInt64 = 0
    private(set) var isStopped = false
    /// Whether nothing is sent until an operator resumes.
    private(set) var isPaused = false
    /// Nothing is sent before this while the store cannot note it.
    private(set) var heldUntil: MonotonicTime?

    init(limit: Int) { self.limit = limit }

    /// How many wait.
    var count: Int { numbers.count }

    /// Takes a task in, behind all others, unless it waits already.
    ///
    /// - Parameter traits: worth reading only if `isJudging`; otherwise they are read when they are needed.
    mutating func enqueue(_ id: TaskID, payload: [UInt8]?, traits: JobTraits? = nil) {
        guard numbers[id] == nil else { return }
        lastNumber += 1
        numbers[id] = lastNumber
        place(QueuedTask(number: lastNumber, id: id, payload: payload, traits: traits))
    }

    /// Whether a task waits here.
    func isWaiting(_ id: TaskID) -> Bool { numbers[id] != nil }

    /// Whether a submission of a task is in progress.
    func isSubmitting(_ id: TaskID) -> Bool { submitting.contains(id) }

    /// Whether a task waits here or has a place at the provider.
    func knows(_ id: TaskID) -> Bool { isWaiting(id) || occupied.contains(id) }

    /// Whether the next task keeps its payload in memory: it is near the front.
    var keepsPayloads: Bool { count < Self.payloadsMax }

    /// Ends the submission of a task; its place is released apart.
    mutating func endSubmission(_ id: TaskID) { submitting.remove(id) }

    /// Removes a task from the queue, and releases its place at the provider.
    mutating func remove(_ id: TaskID) {
        withdraw(id)
        release(id)
    }

    /// Counts a task that is already running at the provider.
    mutating func occupy(_ id: TaskID) { occupied.insert(id) }

    /// Frees the place of a task that is no longer running.
    mutating func release(_ id: TaskID) { occupied.remove(id) }

    /// Takes a task out that is no longer wanted.
    mutating func withdraw(_ id: TaskID) {
        guard let number = numbers.removeValue(forKey: id) else { return }
        refusedTasks[id] = nil
        if begun.remove(number: number) != nil {
            endProbe(id)
            return release(id)
        }
        if ready.remove(number: number) != nil || resting.remove(number: number) != nil { return }
        for index in kinds.indices where kinds[index].remove(number: number) != nil { return }
    }

    /// Sends nothing further.
    mutating func stop() { isStopped = true }

    /// Sends nothing further until it is resumed.
    mutating func pause() { isPaused = true }

    /// Ends the pause. Returns whether there was one.
    mutating func resume() -> Bool {
        defer { isPaused = false }
        return isPaused
    }

    /// The next task to send, which then occupies a place; `nil` while none may be sent.
    mutating func takeNext(at now: MonotonicTime) -> QueuedTask? {
        guard isOpen(at: now), var task = takeBegun() ?? chooseIfRoom(at: now) else { return nil }
        gate.begin(task.id)
        numbers[task.id] = nil
        occupied.insert(task.id)
        submitting.insert(task.id)
        task.refusalsSeen = refusalCount
        return task
    }

    /// Whether a job that waits might be sent, as far as all jobs are concerned.
    func maySend(at now: MonotonicTime) -> Bool { isOpen(at: now) && hasRoom }

    private var hasRoom: Bool { occupied.count < limit }

    private func isOpen(at now: MonotonicTime) -> Bool {
        if let heldUntil, now < heldUntil { return false }
        return !isStopped && !isPaused && gate.isPassable(at: now)
    }

    private mutating func takeBegun() -> QueuedTask? { begun.isEmpty ? nil : begun.remove(at: 0) }

    private mutating func chooseIfRoom(at now: MonotonicTime) -> QueuedTask? {
        hasRoom ? chooseNext(at: now) : nil
    }

    /// Puts a task back because the store could not note its sending, and holds all until then.
    ///
    /// It keeps its place at the provider and goes on as the probe of a kind if it is one.
    mutating func hold(_ task: QueuedTask, until time: MonotonicTime) {
        gate.endProbe(task.id)
        endSubmission(task.id)
        numbers[task.id] = task.number
        begun.insert(task)
        heldUntil = time
    }

    /// Holds all because the store cannot be read.
    mutating func hold(until time: MonotonicTime) { heldUntil = time }

    /// Drops a task that is not sent after all. It keeps its place at the provider until that is released.
    mutating func drop(_ task: QueuedTask) {
        endProbe(task.id)
        refusedTasks[task.id] = nil
    }

    /// Puts a task back to where it stood, nothing having been sent.
    private mutating func putBack(_ task: QueuedTask) {
        occupied.remove(task.id)
        numbers[task.id] = task.number
        place(task)
    }

    /// Forgets that a task was a probe, without an answer from the provider.
    private mutating func endProbe(_ id: TaskID) {
        gate.endProbe(id)
        for index in kinds.indices { kinds[index].endProbe(id) }
    }
}

// How submissions end.
extension SubmissionQueue {
    /// Notes how a submission ended. Returns how long it takes to the next try that this calls for.
    @discardableResult
    mutating func ended(
        _ task: QueuedTask, _ ending: Ending, retry: RetryTerms, at now: MonotonicTime
    ) -> Duration {
        let isGateProbe = gate.closure?.probe == task.id
        let delay = settle(task, ending, retry: retry, at: now)
        endProbe(task.id)
        if case .notAccepted = ending {
            // An answer of the provider's, so the connection and the key are well.
            if isGateProbe { gate.open() }
            // So that it is known at once whether another kind of job waits.
            _ = search(at: now)
        }
        return delay
    }

    private mutating func settle(
        _ task: QueuedTask, _ ending: Ending, retry: RetryTerms, at now: MonotonicTime
    ) -> Duration {
        switch ending {
        case .accepted(let traits):
            noteAnswer(to: task)
            if let traits { noteAcceptance(of: traits, at: now) }
        case .answered:
            noteAnswer(to: task)
        case .unknown:
            refusedTasks[task.id] = nil
            // A provider that loses one reply may lose the next: do not turn the whole queue uncertain.
            unknownsInARow += 1
            if unknownsInARow > 1 {
                return gate.close(.providerUnreachable, by: task.id, retry: retry, at: now)
            }
        case .notAccepted(let obstacle, let traits):
            unknownsInARow = 0
            refusalCount += 1
            let refusal = Refusal(
                obstacle: obstacle, retry: retry, time: now, number: refusalCount, seen: task.refusalsSeen)
            return refuse(task, traits, refusal)
        case .blocked(let obstacle):
            putBack(task)
            return gate.close(obstacle, by: task.id, retry: retry, at: now)
        }
        return .zero
    }

    private mutating func noteAnswer(to task: QueuedTask) {
        unknownsInARow = 0
        refusedTasks[task.id] = nil
        gate.open()
    }

    private mutating func refuse(
        _ task: QueuedTask, _ traits: JobTraits, _ refusal: Refusal
    ) -> Duration {
        let earlier = refusedTasks[task.id]
        let refusals = (earlier?.refusals ?? 0) + 1
        var refusal = refusal
        refusal.isKnown = earlier != nil
        let delay = refusal.retry.delay(after: refusals)
        refusedTasks[task.id] = RefusedTask(
            obstacle: refusal.obstacle, refusals: refusals, until: refusal.time + delay)
        noteRefusal(refusal, of: traits)
        var task = task
        task.traits = traits
        putBack(task)
        return delay
    }
}
