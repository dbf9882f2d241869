import CrashPoints
import Synchronization
import VideoJobs

// Admission and withdrawal of jobs.
extension SubmissionService {
    /// Admits a job: durable when this returns. Sending, polling and archiving follow by themselves, whether
    /// or not the caller waits.
    func admit(
        _ job: VideoJob, client: String, claim: IdempotencyClaim?
    ) async throws(GatewayError) -> AdmittedTask {
        guard !shutdown.isClosing else { throw .shuttingDown }
        guard queue.withLock({ $0.count }) < settings.queueMax else { throw .queueFull }
        if let corruption = health.corruption { throw .store(corruption) }
        let now = ports.clock.now()
        let id = TaskID.make(at: now, random: ports.random())
        let record = TaskRecord(id: id, job: job, client: client, created: now)
        newPayloads.withLock { $0[id] = job.payload }
        defer { newPayloads.withLock { $0[id] = nil } }
        reached(.admissionBegun)
        let task = NewTask(record: record, payload: job.payload, claim: claim)
        switch try await health.throwingGatewayError({ () throws(StoreError) in
            try await repository.admit(task)
        }) {
        case .admitted: return AdmittedTask(record: record, replayed: false)
        case .replayed(let earlier): return AdmittedTask(record: earlier, replayed: true)
        case .keyReused: throw .idempotencyKeyReused
        }
    }

    /// Cancels a job that was not sent. Returns the task and whether it was cancelled; `nil` if there is
    /// none.
    func cancel(_ id: TaskID) async throws(GatewayError) -> Bool? {
        let event = TaskLifecycle.Event.withdrawn(at: ports.clock.now())
        return try await health.throwingGatewayError { () throws(StoreError) in
            try await repository.apply(event, to: id)?.changed
        }
    }
}
