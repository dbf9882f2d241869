import VideoJobs

/// The queue of jobs: a value that decides which job is sent next and whether any may be sent.
///
/// All tasks share one account. A failure that concerns every job (a rejected key, no connection, lost
/// replies) closes the gate for all. A rejection may concern one model, prompt, price or client: the rejected
/// task backs off alone, matching jobs wait behind it, and all others are sent (see `RejectionPattern`). The
/// account counts as blocked only when two different jobs in a row were rejected, or when no other job waits.
///
/// Jobs that nothing holds are sent in weighted turns of their clients (see `FairTaskQueue`).
struct SubmissionQueue {
    /// The ending of one submission, with the traits of its job.
    enum Ending: Equatable {
        case accepted(JobTraits?)
        /// Refused for certain: the task has failed.
        case refused
        /// The reply was lost.
        case unknown
        /// Not accepted, perhaps because of the job's traits.
        case notAccepted(BlockReason, JobTraits)
        /// Not accepted for a reason that concerns every job.
        case blocked(BlockReason)
    }

    /// The number of tasks at the front that keep their payload in memory.
    private static let payloadsMax = 1000

    /// The number of slots at the provider (`provider.max_in_flight`).
    let limit: Int
    /// Tasks without a known reason to hold them, in the order of their clients' turns.
    var ready = FairTaskQueue()
    /// Rejected tasks that only wait for their own backoff.
    var backingOff = QueuedTaskList()
    /// Tasks whose intent to send was written with an error, so it may be durable, and then the task counts
    /// as sent. Each keeps its slot, and they are sent before all others.
    private(set) var unconfirmedSends = QueuedTaskList()
    /// The patterns of rejected jobs.
    var patterns: [RejectionPattern] = []
    /// The backoffs of waiting tasks that were rejected.
    var backoffs: [TaskID: TaskBackoff] = [:]
    /// Tasks whose traits are being read.
    var traitReads: Set<TaskID> = []
    /// When to continue a search that reached its limit.
    var searchResumption: MonotonicTime?
    var gate = AccountGate()
    /// Incremented whenever the account's credentials are replaced.
    var credentialsVersion = 0
    private(set) var keys: [TaskID: QueuedTask.Key] = [:]
    private(set) var occupied: Set<TaskID> = []
    /// Tasks whose submission is in progress.
    private var submitting: Set<TaskID> = []
    private var rejectionCount = 0
    private var consecutiveUnknowns = 0
    private var lastNumber: UInt64 = 0
    private(set) var isStopped = false
    /// Whether nothing is sent until an operator resumes.
    private(set) var isPaused = false
    /// Nothing is sent before this while the store does not work.
    private(set) var heldUntil: MonotonicTime?

    init(limit: Int) { self.limit = limit }

    /// The number of waiting tasks.
    var count: Int { keys.count }

    /// Appends a task, unless it waits already.
    ///
    /// - Parameter traits: Needed only if `hasRejectionPatterns`; otherwise they are read later.
    mutating func enqueue(_ id: TaskID, of client: String, payload: [UInt8]?, traits: JobTraits? = nil) {
        guard keys[id] == nil else { return }
        lastNumber += 1
        let task = QueuedTask(number: lastNumber, id: id, client: client, payload: payload, traits: traits)
        keys[id] = task.key
        ready.addWaiting(task.key)
        insert(task)
    }

    /// Sets the weight of a client from its next turn on.
    mutating func setWeight(_ weight: Int, of client: String) { ready.setWeight(weight, of: client) }

    /// Whether a task waits here.
    func isWaiting(_ id: TaskID) -> Bool { keys[id] != nil }

    /// Whether a submission of a task is in progress.
    func isSubmitting(_ id: TaskID) -> Bool { submitting.contains(id) }

    /// Whether a task waits here or occupies a slot.
    func knows(_ id: TaskID) -> Bool { isWaiting(id) || occupied.contains(id) }

    /// Whether the next task keeps its payload in memory: it is near the front.
    var keepsPayloads: Bool { count < Self.payloadsMax }

    /// Reserves a slot for a new job that may be sent at once: sending is open, a slot is free, and no job
    /// waits, not even for a retry after a rejection. Returns `nil` if it has to queue.
    mutating func reserveSlot(
        forNew id: TaskID, of client: String, payload: [UInt8], at now: MonotonicTime
    ) -> QueuedTask? {
        guard sendsNextAtOnce(at: now) else { return nil }
        lastNumber += 1
        occupied.insert(id)
        submitting.insert(id)
        var task = QueuedTask(number: lastNumber, id: id, client: client, payload: payload, traits: nil)
        task.rejectionsAtStart = rejectionCount
        task.credentialsVersion = credentialsVersion
        return task
    }

    /// Ends the submission of a task, which keeps its slot.
    mutating func endSubmission(_ id: TaskID) { submitting.remove(id) }

    /// Removes a task from the queue and releases its slot.
    mutating func remove(_ id: TaskID) {
        withdraw(id)
        release(id)
    }

    /// Occupies a slot for a task that is already running.
    mutating func occupy(_ id: TaskID) { occupied.insert(id) }

    /// Releases the slot of a task that is no longer running.
    mutating func release(_ id: TaskID) { occupied.remove(id) }

    /// Removes a waiting task.
    mutating func withdraw(_ id: TaskID) {
        guard let key = keys.removeValue(forKey: id) else { return }
        let number = key.number
        backoffs[id] = nil
        if unconfirmedSends.remove(number: number) != nil {
            endProbe(id)
            return release(id)
        }
        defer { ready.removeWaiting(key) }
        if ready.remove(key) != nil || backingOff.remove(number: number) != nil { return }
        for index in patterns.indices where patterns[index].remove(number: number) != nil { return }
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

    /// Removes and returns the next task to send, which then occupies a slot; `nil` while none may be sent.
    mutating func dequeueNext(at now: MonotonicTime) -> QueuedTask? {
        guard isOpen(at: now), var task = dequeueAny(at: now) else { return nil }
        gate.begin(task.id)
        keys[task.id] = nil
        occupied.insert(task.id)
        submitting.insert(task.id)
        task.rejectionsAtStart = rejectionCount
        task.credentialsVersion = credentialsVersion
        return task
    }

    /// Returns whether any waiting job might be sent.
    func maySend(at now: MonotonicTime) -> Bool { isOpen(at: now) && hasFreeSlot }

    private var hasFreeSlot: Bool { occupied.count < limit }

    private func isOpen(at now: MonotonicTime) -> Bool {
        if let heldUntil, now < heldUntil { return false }
        return !isStopped && !isPaused && gate.isPassable(at: now)
    }

    private mutating func dequeueAny(at now: MonotonicTime) -> QueuedTask? {
        if !unconfirmedSends.isEmpty { return unconfirmedSends.remove(at: 0) }
        return hasFreeSlot ? dequeueReady(at: now) : nil
    }

    /// Puts a task back because its intent could not be made durable, and holds all tasks until a time.
    ///
    /// The task keeps its slot and its turn, and remains the probe of a pattern if it is one.
    mutating func hold(_ task: QueuedTask, until time: MonotonicTime) {
        gate.endProbe(task.id)
        endSubmission(task.id)
        keys[task.id] = task.key
        unconfirmedSends.insert(task)
        heldUntil = time
    }

    /// Holds all tasks because the store cannot be read.
    mutating func hold(until time: MonotonicTime) { heldUntil = time }

    /// Drops a task that will not be sent. It keeps its slot until `release(_:)`.
    mutating func drop(_ task: QueuedTask) {
        endProbe(task.id)
        backoffs[task.id] = nil
    }

    /// Returns an unsent task to its position and releases its slot. Its client gets the turn back.
    mutating func requeue(_ task: QueuedTask) {
        occupied.remove(task.id)
        keys[task.id] = task.key
        ready.refundTurn(of: task)
        ready.addWaiting(task.key)
        var task = task
        task.turnCost = 0
        insert(task)
    }

    /// Ends a probe without a reply from the provider.
    private mutating func endProbe(_ id: TaskID) {
        gate.endProbe(id)
        for index in patterns.indices { patterns[index].endProbe(id) }
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
            requeue(task)
            endProbe(task.id)
            return .zero
        }
        let isGateProbe = gate.closure?.probe == task.id
        let delay = apply(task, ending, retry: retry, at: now)
        endProbe(task.id)
        if case .notAccepted = ending {
            // The provider replied, so the connection and the key work.
            if isGateProbe { gate.open() }
            // Determines at once whether a job waits that does not match.
            moveHeldTasks(at: now)
        }
        return delay
    }

    private mutating func apply(
        _ task: QueuedTask, _ ending: Ending, retry: RetryTerms, at now: MonotonicTime
    ) -> Duration {
        switch ending {
        case .accepted(let traits):
            recordReply(to: task)
            if let traits { recordAcceptance(of: traits, at: now) }
        case .refused:
            recordReply(to: task)
        case .unknown:
            backoffs[task.id] = nil
            // A provider that loses one reply may lose the next: the whole queue must not become uncertain.
            consecutiveUnknowns += 1
            if consecutiveUnknowns > 1 {
                return gate.close(.providerUnreachable, by: task.id, retry: retry, at: now)
            }
        case .notAccepted(let reason, let traits):
            consecutiveUnknowns = 0
            rejectionCount += 1
            let attempt = RejectedAttempt(
                reason: reason, retry: retry, time: now, number: rejectionCount,
                countAtStart: task.rejectionsAtStart)
            return reject(task, traits, attempt)
        case .blocked(let reason):
            requeue(task)
            return gate.close(reason, by: task.id, retry: retry, at: now)
        }
        return .zero
    }

    /// Records that the provider decided on a task.
    private mutating func recordReply(to task: QueuedTask) {
        consecutiveUnknowns = 0
        backoffs[task.id] = nil
        gate.open()
    }

    /// Records a rejection of a task and queues it again. Returns its backoff.
    private mutating func reject(
        _ task: QueuedTask, _ traits: JobTraits, _ attempt: RejectedAttempt
    ) -> Duration {
        let earlier = backoffs[task.id]
        let rejections = (earlier?.rejections ?? 0) + 1
        var attempt = attempt
        attempt.isRepeated = earlier != nil
        let delay = attempt.retry.delay(after: rejections)
        backoffs[task.id] = TaskBackoff(
            reason: attempt.reason, rejections: rejections, until: attempt.time + delay)
        recordRejection(attempt, of: traits)
        var task = task
        task.traits = traits
        requeue(task)
        return delay
    }
}
