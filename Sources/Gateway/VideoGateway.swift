import Synchronization
package import VideoJobs

/// The gateway: admits jobs, returns tasks, and runs the background work.
///
/// A facade: every call goes to the service that owns the state. What happens to a task after a change is
/// decided by `WorkPlan` and arranged by `Reconciler`.
package final class VideoGateway: Sendable {
    let services: GatewayServices
    let figuresReader: FiguresReader
    private let running = Mutex<RunningServices>(RunningServices())
    private let knownStoreID = Mutex<String?>(nil)

    /// - Parameter observers: receive every published record, recovered ones included.
    package init(settings: GatewaySettings, ports: GatewayPorts, observers: [any TaskObserver] = []) {
        services = GatewayServices(settings: settings, ports: ports, observers: observers)
        figuresReader = FiguresReader(
            ports: ports, clients: services.clients, spending: services.spending,
            health: services.storeHealth)
    }

    deinit { running.withLock { $0.cancel() } }

    /// Recovers the tasks of the store, then starts all services. Throws if the store cannot be read.
    package func start() async throws(StoreError) {
        try await services.clients.load()
        try await services.sessions.load()
        try await services.spending.load()
        await services.durations.load()
        try await services.reservations.load()
        let identity = try await services.recovery.recover()
        knownStoreID.withLock { $0 = identity.id }
        try await services.archiveHealth.join()
        services.followMarks(of: identity)
        running.withLock { $0 = services.run() }
    }

    /// The id of the store, which events of another store do not have; `nil` until the tasks are recovered.
    package var storeID: String? { knownStoreID.withLock(\.self) }

    /// Sends no further jobs, and resumes callers that wait for a change. A job that still comes is made
    /// durable, and sent after the next start.
    package func beginStopping() {
        services.shutdown.beginStopping()
        services.submissions.stopSending()
        running.withLock { $0.cancelEarly() }
        services.repository.feed.endWaits()
    }

    /// Lets work in progress end within the bound, and closes the store.
    package func stop(within bound: Duration) async {
        beginStopping()
        services.shutdown.beginClosing()
        let deadline = services.ports.clock.monotonic() + bound
        await running.withLock { $0 }.stop(by: deadline, services.ports)
        // Before another gateway opens the store.
        await services.marks.stop(by: deadline)
        await services.ports.store.close()
    }
}

// Jobs and tasks.
extension VideoGateway {
    /// Admits a job: durable when this returns. Sending, polling and archiving follow by themselves.
    package func admit(
        _ job: VideoJob, for caller: Caller, claim: IdempotencyClaim? = nil
    ) async throws(GatewayError) -> AdmittedTask {
        if services.clients.client(caller.client)?.mayUse(model: job.model) == false {
            throw .modelNotAllowed(job.model, client: caller.client)
        }
        // A repeated job joins its task whatever has become of its model or its callback.
        let refusal: GatewayError? =
            if let retirement = job.retirement { .modelRetired(retirement) } else {
                await services.webhooks.refusal(of: job)
            }
        return try await services.submissions.admit(
            job, for: caller, claim: claim, unlessRefused: refusal)
    }

    /// Returns what `admit` would report for a job of a caller now, without an idempotency key: its limit, or
    /// `nil`. Stores nothing.
    package func limit(on job: VideoJob, for caller: Caller) async throws(GatewayError) -> AdmissionLimit? {
        try await services.submissions.limit(on: job, for: caller)
    }

    /// Returns what a job would cost and when its turn would be. Stores nothing.
    ///
    /// - Parameter job: `nil` for the budget alone.
    package func quote(_ job: VideoJob?, for caller: Caller) async throws(GatewayError) -> JobQuote {
        try await services.quotes.quote(job, for: caller)
    }

    /// Cancels a job that was not sent. Returns `nil` if there is no such task.
    package func cancel(_ id: TaskID, for caller: Caller) async throws(GatewayError) -> Cancellation? {
        guard let known = try await services.tasks.task(id.text, for: caller),
            let isCancelled = try await services.submissions.cancel(known.record, for: caller),
            let view = try await services.tasks.task(id.text, for: caller)
        else { return nil }
        return isCancelled ? .cancelled(view) : .tooLate(view)
    }

    /// Settles an uncertain task. Returns `nil` if there is no such task. Of concurrent callers one succeeds.
    package func settle(
        _ id: TaskID, as settlement: TaskLifecycle.Settlement, for caller: Caller
    ) async throws(GatewayError) -> SettlementOutcome? {
        try await services.settlement.settle(id, as: settlement, for: caller)
    }

    /// Accepts or rejects the video of a completed task. Returns `nil` if there is no such task.
    package func review(
        _ id: TaskID, _ review: TaskReview, for caller: Caller
    ) async throws(GatewayError) -> ReviewOutcome? {
        try await services.reviews.review(id, review, for: caller)
    }

    /// Returns the deliveries of a task, oldest first. Returns `nil` if there is no such task.
    package func deliveries(
        of id: TaskID, for caller: Caller
    ) async throws(GatewayError) -> [Delivery]? {
        try await services.webhooks.deliveries(of: id, for: caller)
    }

    /// Sends the last delivery of a task again, at once. Returns `nil` if there is no such task.
    package func redeliver(_ id: TaskID, for caller: Caller) async throws(GatewayError) -> Redelivery? {
        try await services.webhooks.redeliver(id, for: caller)
    }

    /// Returns the record in memory for our task id or the provider's. Never waits.
    package func cachedTask(_ id: String) -> TaskRecord? { services.repository.cached(id) }

    /// Returns a task by our id or the provider's, from memory or the store; `nil` also if the caller may not
    /// see it.
    package func task(_ id: String, for caller: Caller) async throws(GatewayError) -> TaskView? {
        try await services.tasks.task(id, for: caller)
    }

    /// Returns a task with its job and its history; `nil` also if the caller may not see it.
    package func details(of id: String, for caller: Caller) async throws(GatewayError) -> TaskDetails? {
        try await services.tasks.details(of: id, for: caller)
    }

    /// Returns the newest view of a task once the condition holds or the time is over. Ends early when the
    /// surrounding task is cancelled, which changes nothing for the job. Throws `GatewayError.accessEnded` if
    /// the caller loses its access meanwhile.
    package func wait(
        for id: TaskID, atMost bound: Duration, for caller: WaitingCaller,
        until condition: @escaping @Sendable (TaskRecord) -> Bool
    ) async throws(GatewayError) -> TaskView? {
        try await services.tasks.wait(for: id, atMost: bound, for: caller, until: condition)
    }

    /// Returns a page of the tasks that the caller may see, newest first.
    package func tasks(
        matching query: TaskQuery, for caller: Caller
    ) async throws(GatewayError) -> (views: [TaskView], hasMore: Bool) {
        try await services.tasks.tasks(matching: query, for: caller)
    }

    /// Returns the archived file of one result.
    package func content(
        of id: String, index: Int, for caller: Caller
    ) async throws(GatewayError) -> ContentAvailability {
        try await services.content.content(of: id, index: index, for: caller)
    }

    /// Records that the content of a task was fetched; returns at once.
    package func recordFetch(of record: TaskRecord) { services.retention.fetches.record(record) }
}

// Health and operation.
extension VideoGateway {
    /// The clients and their tokens.
    package var clients: ClientRegistry { services.clients }

    /// Counts the changes of tokens, roles and sessions.
    package var policy: PolicyEpoch { services.clients.policy }

    /// Lets waits and streams look again whether their callers have access, because its rules were replaced.
    package func policyChanged() { services.clients.policy.advance() }

    /// Event streams and waiting requests that are open.
    package var streamLimiter: StreamLimiter { services.streamLimiter }

    /// The models that jobs may use.
    package var models: ModelRegistry { services.models }

    /// Whether a job may name a `callback_url`.
    package var acceptsCallbacks: Bool { services.webhooks.ports.webhooks.isEnabled }

    /// The current time of the gateway.
    package var now: Timestamp { services.ports.clock.now() }

    /// The sessions of browsers.
    package var sessions: SessionRegistry { services.sessions }

    /// Returns why jobs do not get through now; empty when all is well. For `/readyz`.
    package func readinessIssues() -> [ReadinessIssue] { services.readiness.readinessIssues() }

    /// Returns what is wrong without keeping any job from being admitted. For `/readyz`.
    package func warnings() -> [ReadinessIssue] { services.readiness.warnings() }

    /// Returns the models that the provider should have and does not list. For `/readyz?verbose`.
    package func modelWarnings() -> [ReadinessIssue] { services.models.warnings }

    /// Replaces the catalog: the next job is validated by it. Jobs that were accepted stay as they are.
    package func replaceCatalog(with catalog: ModelCatalog) {
        services.listing.replaceCatalog(with: catalog)
    }

    /// Probes the archive, so that `readinessIssues()` and `warnings()` are current.
    package func probeArchive() async { await services.archiveHealth.probe() }

    /// Whether a task does not wait in the queue: its submission is in progress, or has ended.
    package func hasLeftQueue(_ id: TaskID) -> Bool { services.submissions.hasLeftQueue(id) }

    /// Retries what rejected credentials of the account block, because they were replaced.
    package func credentialsReplaced() {
        services.submissions.replaceCredentials()
        recheckModels()
    }

    /// Asks the provider soon which models it has.
    package func recheckModels() { services.listing.recheck() }

    /// Replaces the spend ceilings; the next job is judged by the new ones.
    package func replaceCeilings(with ceilings: SpendCeilings) {
        services.spending.replaceCeilings(with: ceilings)
        services.notices.recheck()
    }

    /// Reports what holds to receivers of notices that were replaced.
    package func noticesReplaced() { services.notices.recheck() }

    /// The spend ceilings in force.
    package var ceilings: SpendCeilings { services.spending.ceilings }

    /// Returns why the day's spend ceiling refuses jobs now; `nil` if it does not, or the store cannot say.
    package func spendIssue() async -> ReadinessIssue? { try? await services.spending.issue() }

    /// Lets the day's spend ceiling count from now on. Returns whether there is such a ceiling.
    package func resumeSpending(for caller: Caller) async throws(GatewayError) -> Bool {
        try await services.spending.resume(for: caller)
    }

    /// Ends the pause of a restored store. Returns whether there was one.
    package func resumeSubmission(for caller: Caller) async throws(GatewayError) -> Bool {
        try await services.restoration.resume(for: caller)
    }

    /// Returns what was spent, reserved and held since a time, and what is left: of the caller, or for an
    /// operator of a client or all. `since`: `nil` for the current month (UTC).
    package func usage(
        since: Timestamp?, client: String?, by grouping: UsageGrouping, for caller: Caller
    ) async throws(GatewayError) -> UsageReport {
        try await services.usage.report(since: since, client: client, by: grouping, for: caller)
    }
}
