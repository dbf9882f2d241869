import CrashPoints
import Synchronization
import VideoJobs

/// Admits jobs and sends each once, when a slot at the provider is free.
final class SubmissionService: Sendable {
    let settings: GatewaySettings
    let ports: GatewayPorts
    let repository: TaskRepository
    let health: StoreHealth
    let shutdown: ShutdownState
    let spending: SpendingPolicy
    let durations: DurationHistory
    let reservations: SpaceReservations
    let models: ModelRegistry
    /// Locked before the repository's cache where both are.
    let queue: Mutex<SubmissionQueue>
    /// Payloads of jobs whose admission is being written.
    let newPayloads = Mutex<[TaskID: [UInt8]]>([:])
    private let timer: ReschedulableTimer
    let log: SubmissionLog
    let inFlight = InFlightCount()
    let isRunning = Atomic<Bool>(false)
    private let pause = Mutex<BlockReason?>(nil)
    private let endObserver = Mutex<(@Sendable (BlockReason?) -> Void)?>(nil)

    init(
        settings: GatewaySettings, ports: GatewayPorts, repository: TaskRepository, health: StoreHealth,
        models: ModelRegistry, shutdown: ShutdownState, spending: SpendingPolicy, durations: DurationHistory,
        reservations: SpaceReservations
    ) {
        self.settings = settings
        self.ports = ports
        self.repository = repository
        self.health = health
        self.shutdown = shutdown
        self.spending = spending
        self.durations = durations
        self.reservations = reservations
        self.models = models
        queue = Mutex(SubmissionQueue(limit: settings.maxInFlight))
        timer = ReschedulableTimer(ports: ports)
        log = SubmissionLog(ports.log)
    }

    /// Sends jobs until cancelled; returns when no submission is in progress.
    func run() async {
        isRunning.store(true, ordering: .releasing)
        dispatchReady()
        await AsyncEvent.cancellation()
        stopSending()
        await inFlight.drained()
    }

    /// Sends no further jobs. Submissions in progress continue.
    func stopSending() {
        queue.withLock { $0.stop() }
        timer.stop()
    }

    /// Queues a task or counts it as running at the provider, as its record says.
    func reconcile(_ record: TaskRecord, _ plan: WorkPlan, after before: TaskRecord?) {
        let traits = plan == .submit ? traitsOfNew(record) : nil
        let isNew = queue.withLock { queue in
            // A submission in progress still has its slot; its end calls this again.
            guard !queue.isSubmitting(record.id) else { return false }
            if let newest = repository.cached(record.id.text), newest.version > record.version {
                return false
            }
            if plan == .submit { return enqueue(record, traits, in: &queue) }
            if record.state.isInFlight { queue.occupy(record.id) } else { queue.remove(record.id) }
            return false
        }
        if isNew, before == nil { reached(.enqueued) }
        dispatchReady()
    }

    /// Starts the submissions that may begin now, and sets the timer for the next.
    func dispatchReady() {
        guard isRunning.load(ordering: .acquiring) else { return }
        let now = ports.clock.monotonic()
        for task in queue.withLock({ $0.tasksMissingTraits(at: now) }) {
            start { await $0.readTraits(task) }
        }
        while let task = queue.withLock({ $0.dequeueNext(at: now) }) {
            start { await $0.submit(task) }
        }
        if let next = queue.withLock({ $0.nextDispatch(after: now) }) {
            timer.set(for: next) { [weak self] in self?.dispatchReady() }
        }
    }

    private func start(_ work: @escaping @Sendable (SubmissionService) async -> Void) {
        inFlight.enter()
        startEntered(work)
    }

    /// Starts work that `inFlight` counts already.
    func startEntered(_ work: @escaping @Sendable (SubmissionService) async -> Void) {
        ports.start {
            await work(self)
            self.inFlight.leave()
            self.dispatchReady()
        }
    }

    /// Reads the weight of a client, which holds from its next turn on.
    func updateWeight(of client: String, from clients: ClientRegistry) {
        queue.withLock { $0.setWeight(clients.client(client)?.weight ?? 1, of: client) }
    }

    private func enqueue(
        _ record: TaskRecord, _ traits: JobTraits?, in queue: inout SubmissionQueue
    ) -> Bool {
        let id = record.id
        guard !queue.isWaiting(id) else { return false }
        let payload = newPayloads.withLock { $0.removeValue(forKey: id) }
        queue.release(id)
        queue.enqueue(
            id, of: record.client, payload: queue.keepsPayloads ? payload : nil, traits: traits)
        return true
    }

    /// Returns the traits of a job that was just admitted, if jobs are compared.
    private func traitsOfNew(_ record: TaskRecord) -> JobTraits? {
        guard queue.withLock({ $0.hasRejectionPatterns }) else { return nil }
        return newPayloads.withLock { $0[record.id] }.map { JobTraits(payload: $0, client: record.client) }
    }
}

// One submission.
extension SubmissionService {
    /// Sends one queued job: intent durable, then the paid POST, then the verdict durable.
    private func submit(_ task: QueuedTask) async {
        guard let payload = await prepare(task) else { return }
        await send(payload, of: task)
    }

    /// Sends a job whose intent is durable, and makes the verdict durable.
    func send(_ payload: [UInt8], of task: QueuedTask) async {
        await inTrace(of: repository.cached(task.id.text)) { await sendInTrace(payload, of: task) }
    }

    private func sendInTrace(_ payload: [UInt8], of task: QueuedTask) async {
        reached(.intentDurable)
        let verdict = rejectingDuplicateProviderID(
            await ports.provider.create(payload, for: task.id), for: task.id)
        reached(.verdictReached)
        let outcome = namingSuccessor(learned(verdict, on: task.id), of: task.id)
        let event = TaskLifecycle.Event.verdict(outcome, at: ports.clock.now())
        await persist(event, to: task.id, verdict)
        reached(.verdictDurable)
        if verdict.isCertainlyNotAccepted { reached(.retryDurable) }
        let ending = ending(of: task, payload, by: verdict)
        let retry = retryTerms(verdict)
        let now = ports.clock.monotonic()
        let delay = end(task) { $0.ended(task, ending, retry: retry, at: now) }
        reportBlock()
        log.ended(verdict, task.id, retryAfter: delay)
    }

    /// Returns the verdict with the estimate that was learned, if there is one, instead of the provider's.
    private func learned(_ verdict: SubmissionVerdict, on id: TaskID) -> SubmissionVerdict {
        guard case .accepted(let providerTaskID, var report) = verdict,
            let record = repository.cached(id.text),
            let seconds = durations.estimatedSeconds(model: record.model, resolution: record.resolution)
        else { return verdict }
        report.estimatedSeconds = seconds
        return .accepted(providerTaskID, report)
    }

    /// Calls an observer after each submission and after new credentials, with why jobs are blocked then.
    func observeEnds(_ observer: @escaping @Sendable (BlockReason?) -> Void) {
        endObserver.withLock { $0 = observer }
    }

    private func reportBlock() {
        let reason = block?.reason
        logPause(reason)
        endObserver.withLock { $0 }?(reason)
    }

    /// Logs that the provider account blocks jobs, or does no longer.
    private func logPause(_ reason: BlockReason?) {
        let before = pause.withLock { pause in
            defer { pause = reason }
            return pause
        }
        if reason != before { log.paused(by: reason) }
    }

    /// Reports that what blocked jobs has been changed.
    func reportUnblocked() {
        logPause(nil)
        endObserver.withLock { $0 }?(nil)
    }

    /// Ends a submission in the queue, then queues, counts or releases the task as its newest record says.
    func end<Value>(_ task: QueuedTask, _ change: (inout SubmissionQueue) -> Value) -> Value {
        let value = queue.withLock { queue in
            defer { queue.endSubmission(task.id) }
            return change(&queue)
        }
        if let record = repository.cached(task.id.text) {
            reconcile(record, WorkPlan(for: record, after: nil), after: record)
        } else {
            queue.withLock { if !$0.isWaiting(task.id) { $0.release(task.id) } }
        }
        return value
    }

    /// A provider id that another task already owns usually means a duplicated response on a reused
    /// connection. Polling it would deliver one job's video for the other.
    private func rejectingDuplicateProviderID(
        _ verdict: SubmissionVerdict, for id: TaskID
    ) -> SubmissionVerdict {
        guard case .accepted(let providerTaskID, _) = verdict,
            let owner = repository.cached(providerTaskID.text), owner.id != id
        else { return verdict }
        let message = "the reply named \(providerTaskID), which is the provider's task of \(owner.id)"
        return .unknown(LostReply(message))
    }

    /// Makes the intent durable and returns the payload; `nil` if the job is not sent now.
    private func prepare(_ task: QueuedTask) async -> [UInt8]? {
        do {
            // Before the intent: a job that cannot be sent must not look as if it might have been.
            guard let payload = try await payload(of: task) else {
                try await fail(task)
                return nil
            }
            guard await reserveSpace(for: task) else { return nil }
            reached(.sendingBegun)
            let event = TaskLifecycle.Event.sendingStarted(at: ports.clock.now())
            guard try await repository.apply(event, to: task.id)?.changed == true else {
                reservations.release(task.id)
                end(task) { $0.drop(task) }
                return nil
            }
            return payload
        } catch {
            // `StoreHealth` logs the failure itself, once.
            ports.log.debug(
                .submissionUnsent, "a job is not sent while the store does not work",
                metadata: ["task_id": "\(task.id)", "reason": "\(error.message)"])
            let time = ports.clock.monotonic() + storeRetryDelay(after: 1)
            end(task) { $0.hold(task, until: time) }
            return nil
        }
    }

    /// Fails a job whose payload is missing, so that its client does not wait for ever.
    private func fail(_ task: QueuedTask) async throws(StoreError) {
        ports.log.error(
            .submissionLost, "a job's payload is missing from the store; the job failed without being sent",
            metadata: ["task_id": "\(task.id)"])
        _ = try await repository.apply(.jobLost(at: ports.clock.now()), to: task.id)
        end(task) { $0.drop(task) }
    }

    /// Makes a verdict durable and retries without a limit: the verdict on a paid job must not be lost.
    private func persist(
        _ event: TaskLifecycle.Event, to id: TaskID, _ verdict: SubmissionVerdict
    ) async {
        var failures = 0
        while true {
            do {
                _ = try await repository.apply(event, to: id)
                return
            } catch {
                failures += 1
                // Once: if the process ends before the verdict is durable, an operator can adopt the task
                // with this line.
                if failures == 1 { log.unsaved(verdict, id, error) }
                await health.recovered(by: ports.clock.monotonic() + storeRetryDelay(after: failures))
            }
        }
    }

    /// Returns the backoff after so many failed store calls.
    func storeRetryDelay(after failures: Int) -> Duration {
        settings.submitBackoff.delay(after: failures, retryAfter: nil, jitter: ports.jitter())
    }
}
