import CrashPoints
import Synchronization
import Tracing
import VideoJobs

// Admission and withdrawal of jobs.
extension SubmissionService {
    /// Admits a job: durable when this returns. Sending, polling and archiving follow by themselves, whether
    /// or not the caller waits.
    ///
    /// - Parameter refusal: Why the job may not be admitted, unless it joins an earlier task by its claim.
    func admit(
        _ job: VideoJob, for caller: Caller, claim: IdempotencyClaim?, unlessRefused refusal: GatewayError?
    ) async throws(GatewayError) -> AdmittedTask {
        if let refusal, claim == nil { throw refusal }
        guard !shutdown.isClosing else { throw .shuttingDown }
        guard queue.withLock({ $0.count }) < settings.queueMax else { throw .queueFull }
        if let corruption = health.corruption { throw .store(corruption) }
        var task = newTask(job, for: caller, claim: claim)
        task.onlyJoins = refusal != nil
        reached(.admissionBegun)
        let (record, outcome) = try await admit(task)
        switch outcome {
        case .admitted: return AdmittedTask(record: record, replayed: false)
        case .replayed(let earlier): return AdmittedTask(record: earlier, replayed: true)
        case .keyReused: throw .idempotencyKeyReused
        case .nothingJoined: throw refusal ?? .idempotencyKeyReused
        case .limited(let limit):
            let limited = LimitedJob(
                limit, client: record.client, price: job.price, estimatedSeconds: estimatedSeconds(of: job),
                at: record.created)
            spending.recordRefusal(of: limited, at: record.created)
            throw .limited(limited)
        }
    }

    /// Returns the limit that keeps a job from being admitted now, if any.
    func limit(on job: VideoJob, for caller: Caller) async throws(GatewayError) -> AdmissionLimit? {
        let task = newTask(job, for: caller, claim: nil)
        return try await health.throwingGatewayError { () throws(StoreError) in
            try await ports.store.limit(task.limits, exceededBy: task.record)
        }
    }

    private func newTask(_ job: VideoJob, for caller: Caller, claim: IdempotencyClaim?) -> NewTask {
        let now = ports.clock.now()
        let id = TaskID.make(at: now, random: ports.random())
        var record = TaskRecord(id: id, job: job, client: caller.client, created: now)
        record.estimatedSeconds = estimatedSeconds(of: job)
        record.trace = caller.trace?.text
        var task = NewTask(
            record: record, payload: job.payload,
            claim: claim, limits: spending.limits(for: job, of: caller.client, at: now))
        task.audit = auditRecord(of: task, job, for: caller)
        task.callback = job.callbackURL.map { TaskCallback(url: $0, trace: record.trace) }
        return task
    }

    /// Returns the learned estimate of a job, otherwise the catalog's.
    func estimatedSeconds(of job: VideoJob) -> Int? {
        durations.estimatedSeconds(model: job.model, resolution: job.resolution) ?? job.estimatedSeconds
    }

    private func auditRecord(of task: NewTask, _ job: VideoJob, for caller: Caller) -> AuditRecord {
        var record = AuditRecord(.submit, by: caller, at: task.record.created, on: task.record)
        record.decision = .admitted
        record.price = job.price
        record.detail = "model \(job.model)"
        if settings.auditsPrompts { record.prompt = job.prompt }
        return record
    }

    /// Makes a task durable, with the intent to send it if it may be sent at once. Returns its record.
    private func admit(
        _ task: NewTask
    ) async throws(GatewayError) -> (record: TaskRecord, outcome: AdmissionOutcome) {
        let id = task.record.id
        if !task.onlyJoins, let slot = await reserveSlot(for: task) {
            return try await admitSending(task, slot)
        }
        newPayloads.withLock { $0[id] = task.payload }
        defer { newPayloads.withLock { $0[id] = nil } }
        let outcome = try await health.throwingGatewayError { () throws(StoreError) in
            try await repository.admit(task)
        }
        return (task.record, outcome)
    }

    /// Reserves a slot at the provider for a new job that may be sent at once; `nil` if it has to queue.
    private func reserveSlot(for task: NewTask) async -> QueuedTask? {
        guard isRunning.load(ordering: .acquiring), health.failure == nil,
            queue.withLock({ $0.sendsNextAtOnce(at: ports.clock.monotonic()) })
        else { return nil }
        await reservations.prepare()
        guard reservations.reserveAtOnce(task.record) else { return nil }
        let now = ports.clock.monotonic()
        let slot = queue.withLock {
            $0.reserveSlot(
                forNew: task.record.id, of: task.record.client, payload: task.payload, at: now)
        }
        // From here on: once its intent is durable it is sent, also while the gateway stops.
        if slot != nil { inFlight.enter() } else { reservations.release(task.record.id) }
        return slot
    }

    /// Admits a job together with the intent to send it, in one transaction, and sends it.
    private func admitSending(
        _ queued: NewTask, _ slot: QueuedTask
    ) async throws(GatewayError) -> (record: TaskRecord, outcome: AdmissionOutcome) {
        let intent = TaskTransition.sendingAtOnce(queued.record)
        var task = queued
        task.record = intent.record
        task.events.append(TaskEventRecord(intent))
        let admission = task
        let outcome: AdmissionOutcome
        do throws(StoreError) {
            outcome = try await health.recordingFailures { () throws(StoreError) in
                try await repository.admit(admission, intent: intent)
            }
        } catch {
            releaseSlot(slot, after: error)
            throw .store(error)
        }
        if case .admitted = outcome {
            startEntered { await $0.send(admission.payload, of: slot) }
        } else {
            releaseSlot(slot, after: nil)
        }
        return (intent.record, outcome)
    }

    /// Releases the slot of a job that was not admitted. After a store failure the admission may be durable
    /// nevertheless, and then the job counts as sent: it keeps its slot, and once the store can be read it is
    /// sent before all others, or dropped.
    private func releaseSlot(_ slot: QueuedTask, after failure: StoreError?) {
        let isCertainlyNotStored: Bool =
            switch failure {
            case nil, .oneTask: true
            case .locked, .readOnly, .full, .newer, .damaged, .unavailable: false
            }
        let time = ports.clock.monotonic() + storeRetryDelay(after: 1)
        queue.withLock { queue in
            if isCertainlyNotStored {
                reservations.release(slot.id)
                queue.endSubmission(slot.id)
                queue.release(slot.id)
            } else {
                queue.hold(slot, until: time)
            }
        }
        inFlight.leave()
        dispatchReady()
    }

    /// Cancels a job that was not sent. Returns the task and whether it was cancelled; `nil` if there is
    /// none.
    func cancel(_ task: TaskRecord, for caller: Caller) async throws(GatewayError) -> Bool? {
        let now = ports.clock.now()
        let audit = AuditRecord(.cancel, by: caller, at: now, on: task)
        return try await health.throwingGatewayError { () throws(StoreError) in
            try await repository.apply(.withdrawn(at: now), to: task.id, audit: audit)?.changed
        }
    }
}

extension TaskTransition {
    /// The transition of a new job that is sent at once.
    fileprivate static func sendingAtOnce(_ queued: TaskRecord) -> TaskTransition {
        var life = TaskLifecycle(queued)
        guard let transition = life.apply(.sendingStarted(at: queued.created)) else {
            preconditionFailure("a new job is queued, and a queued job can be sent")
        }
        return transition
    }
}
