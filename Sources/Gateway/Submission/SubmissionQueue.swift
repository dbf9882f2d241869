import VideoJobs

/// The queue of jobs: decides which is sent next and whether any may be sent. A value that does nothing else.
///
/// All tasks share one account. A failure that concerns every job (a rejected key, no connection, lost
/// replies) closes the gate for all. A rejection may be about one model, prompt, price or client: the
/// rejected task backs off alone, jobs like it wait behind it, and all others are sent (see `RefusedKind`).
/// Only when two unlike jobs in a row were rejected, or no other kind of job waits, does the account count as
/// blocked.
struct SubmissionQueue {
    /// The ending of one submission, with the traits of its job.
    enum Ending: Equatable {
        case accepted(JobTraits?)
        /// Definitely rejected: the task has failed.
        case answered
        /// The reply was lost.
        case unknown
        /// Not accepted, perhaps because of the job's traits.
        case notAccepted(BlockReason, JobTraits)
        /// Not accepted, and no other job would be.
        case blocked(BlockReason)
    }

    /// Tasks near the front that keep their payload in memory.
    private static let payloadsMax = 1000

    /// Places at the provider (`provider.max_in_flight`).
    let limit: Int
    /// Tasks that are not known to be held.
    var ready = WaitingLine()
    /// Rejected tasks that wait for their own backoff only.
    var resting = WaitingLine()
    /// Tasks whose intent to send is not durable, as far as is known. It may be durable all the same, and
    /// then they count as sent: so each keeps its place, and they are sent before all others.
    private(set) var begun = WaitingLine()
    var kinds: [RefusedKind] = []
    /// Waiting tasks that were rejected.
    var refusedTasks: [TaskID: RefusedTask] = [:]
    /// Tasks whose traits are being read.
    var examining: Set<TaskID> = []
    /// When to continue a search that reached its limit.
    var resumption: MonotonicTime?
    var gate = AccountGate()
    /// Incremented whenever the account's credentials are replaced.
    var credentialsVersion = 0
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
    /// Nothing is sent before this while the store does not work.
    private(set) var heldUntil: MonotonicTime?

    init(limit: Int) { self.limit = limit }

    /// Waiting tasks.
    var count: Int { numbers.count }

    /// Appends a task, unless it waits already.
    ///
    /// - Parameter traits: needed only if `isJudging`; otherwise they are read later.
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

    /// Reserves a slot for a new job that may be sent at once: sending is open, a slot is free, and no job
    /// waits, not even for a retry after a rejection. Returns `nil` if it has to queue.
    mutating func reserveSlot(forNew id: TaskID, payload: [UInt8], at now: MonotonicTime) -> QueuedTask? {
        guard count == 0, !isJudging, refusedTasks.isEmpty, gate.closure == nil, maySend(at: now) else {
            return nil
        }
        lastNumber += 1
        occupied.insert(id)
        submitting.insert(id)
        var task = QueuedTask(number: lastNumber, id: id, payload: payload, traits: nil)
        task.refusalsSeen = refusalCount
        task.credentialsVersion = credentialsVersion
        return task
    }

    /// Ends the submission of a task; its place is released apart.
    mutating func endSubmission(_ id: TaskID) { submitting.remove(id) }

    /// Removes a task from the queue, and releases its place at the provider.
    mutating func remove(_ id: TaskID) {
        withdraw(id)
        release(id)
    }

    /// Counts a task that is already running at the provider.
    mutating func occupy(_ id: TaskID) { occupied.insert(id) }

    /// Releases the place of a task that is no longer running.
    mutating func release(_ id: TaskID) { occupied.remove(id) }

    /// Removes a waiting task.
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
        task.credentialsVersion = credentialsVersion
        return task
    }

    /// Returns whether any waiting job might be sent.
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

    /// Puts a task back because its intent could not be made durable, and holds all tasks until then.
    ///
    /// It keeps its place at the provider, and stays the probe of a rejected kind if it is one.
    mutating func hold(_ task: QueuedTask, until time: MonotonicTime) {
        gate.endProbe(task.id)
        endSubmission(task.id)
        numbers[task.id] = task.number
        begun.insert(task)
        heldUntil = time
    }

    /// Holds all tasks because the store cannot be read.
    mutating func hold(until time: MonotonicTime) { heldUntil = time }

    /// Drops a task that is not sent after all. It keeps its place at the provider until that is released.
    mutating func drop(_ task: QueuedTask) {
        endProbe(task.id)
        refusedTasks[task.id] = nil
    }

    /// Puts an unsent task back into its position.
    mutating func putBack(_ task: QueuedTask) {
        occupied.remove(task.id)
        numbers[task.id] = task.number
        place(task)
    }

    /// Ends a probe without an answer from the provider.
    private mutating func endProbe(_ id: TaskID) {
        gate.endProbe(id)
        for index in kinds.indices { kinds[index].endProbe(id) }
    }
}

// Ends of submissions.
extension SubmissionQueue {
    /// Records the ending of a submission. Returns the backoff before the next attempt.
    @discardableResult
    mutating func ended(
        _ task: QueuedTask, _ ending: Ending, retry: RetryTerms, at now: MonotonicTime
    ) -> Duration {
        if isOutdated(ending, of: task) {
            putBack(task)
            endProbe(task.id)
            return .zero
        }
        let isGateProbe = gate.closure?.probe == task.id
        let delay = settle(task, ending, retry: retry, at: now)
        endProbe(task.id)
        if case .notAccepted = ending {
            // The provider answered, so the connection and the key work.
            if isGateProbe { gate.open() }
            // Decides at once whether another kind of job waits.
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
            // A provider that loses one reply may lose the next: the whole queue must not become uncertain.
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
