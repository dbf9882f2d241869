import CrashPoints
import Synchronization
import VideoJobs

// Admission and withdrawal of jobs.
extension SubmissionService {
    /// Admits a job: durable when this returns. Sending, polling and archiving follow by themselves, whether
    /// or not the caller waits.
    func admit(
        _ job: VideoJob, for caller: Caller, claim: IdempotencyClaim?
    ) async throws(GatewayError) -> AdmittedTask {
        guard !shutdown.isClosing else { throw .shuttingDown }
        guard queue.withLock({ $0.count }) < settings.queueMax else { throw .queueFull }
        if let corruption = health.corruption { throw .store(corruption) }
        let now = ports.clock.now()
        let id = TaskID.make(at: now, random: ports.random())
        let record = TaskRecord(id: id, job: job, client: caller.client, created: now)
        var new = NewTask(record: record, payload: job.payload, claim: claim)
        new.audit = auditRecord(of: new, job, for: caller)
        let task = new
        reached(.admissionBegun)
        if let slot = reserveSlot(for: record, job.payload) { return try await admitSending(task, slot) }
        newPayloads.withLock { $0[id] = job.payload }
        defer { newPayloads.withLock { $0[id] = nil } }
        let outcome = try await health.throwingGatewayError { () throws(StoreError) in
            try await repository.admit(task)
        }
        return try Self.admitted(record, outcome)
    }

    private func auditRecord(of task: NewTask, _ job: VideoJob, for caller: Caller) -> AuditRecord {
        var record = AuditRecord(.submit, by: caller, at: task.record.created, on: task.record)
        record.decision = .admitted
        record.price = job.price
        if settings.auditsPrompts { record.prompt = job.prompt }
        return record
    }

    private static func admitted(
        _ record: TaskRecord, _ outcome: AdmissionOutcome
    ) throws(GatewayError) -> AdmittedTask {
        switch outcome {
        case .admitted: AdmittedTask(record: record, replayed: false)
        case .replayed(let earlier): AdmittedTask(record: earlier, replayed: true)
        case .keyReused: throw .idempotencyKeyReused
        }
    }

    /// Reserves a slot at the provider for a new job that may be sent at once; `nil` if it has to queue.
    private func reserveSlot(for record: TaskRecord, _ payload: [UInt8]) -> QueuedTask? {
        guard isRunning.load(ordering: .acquiring), health.failure == nil else { return nil }
        let now = ports.clock.monotonic()
        let slot = queue.withLock {
            $0.reserveSlot(forNew: record.id, of: record.client, payload: payload, at: now)
        }
        // From here on: once its intent is durable it is sent, also while the gateway stops.
        if slot != nil { inFlight.enter() }
        return slot
    }

    /// Admits a job together with the intent to send it, in one transaction, and sends it.
    private func admitSending(
        _ queued: NewTask, _ slot: QueuedTask
    ) async throws(GatewayError) -> AdmittedTask {
        let intent = TaskTransition.sendingAtOnce(queued.record)
        var sending = queued
        sending.record = intent.record
        sending.events.append(TaskEventRecord(intent))
        let task = sending
        let outcome: AdmissionOutcome
        do throws(StoreError) {
            outcome = try await health.recordingFailures { () throws(StoreError) in
                try await repository.admit(task, intent: intent)
            }
        } catch {
            releaseSlot(slot, after: error)
            throw .store(error)
        }
        if case .admitted = outcome {
            startEntered { await $0.send(task.payload, of: slot) }
        } else {
            releaseSlot(slot, after: nil)
        }
        return try Self.admitted(intent.record, outcome)
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
