import Synchronization
import VideoJobs

/// Settles uncertain tasks, and prices that ended ones still hold, as an operator decides.
final class SettlementService: Sendable {
    private let ports: GatewayPorts
    private let repository: TaskRepository
    private let tasks: TaskReader
    private let health: StoreHealth
    private let spending: SpendingPolicy
    private let models: ModelRegistry
    /// Provider tasks that are being adopted now.
    private let adopting = Mutex<Set<ProviderTaskID>>([])

    init(
        ports: GatewayPorts, repository: TaskRepository, tasks: TaskReader, health: StoreHealth,
        spending: SpendingPolicy, models: ModelRegistry
    ) {
        self.ports = ports
        self.repository = repository
        self.tasks = tasks
        self.health = health
        self.spending = spending
        self.models = models
    }

    /// Settles an uncertain task, or frees what an ended one still holds. Returns `nil` if there is no such
    /// task. Of concurrent callers one succeeds.
    ///
    /// A resubmission buys again, so it is judged like an admission by the client's budget and the gateway's
    /// spend ceilings, and its model must accept jobs. An operator who wants it nevertheless changes those
    /// first.
    func settle(
        _ id: TaskID, as settlement: TaskLifecycle.Settlement, for caller: Caller
    ) async throws(GatewayError) -> SettlementOutcome? {
        guard let view = try await tasks.task(id.text, for: caller) else { return nil }
        guard view.record.canBeSettled(as: settlement) else { return .notUncertain(view) }
        if settlement == .resubmit, let retirement = models.catalog.retirement(of: view.record.model) {
            throw .modelRetired(retirement)
        }
        guard case .adopt(let providerTaskID) = settlement else {
            return try await apply(settlement, to: view.record, for: caller)
        }
        // One provider task is one video: two of our tasks must not both adopt it.
        guard adopting.withLock({ $0.insert(providerTaskID).inserted }) else {
            return .refused(.taken(by: nil))
        }
        defer { adopting.withLock { _ = $0.remove(providerTaskID) } }
        if let issue = try await issue(adopting: providerTaskID) { return .refused(issue) }
        return try await apply(settlement, to: view.record, for: caller)
    }

    /// Returns why a provider task cannot be adopted, as the store and the provider say.
    private func issue(adopting id: ProviderTaskID) async throws(GatewayError) -> AdoptionIssue? {
        if let owner = try await owner(of: id) { return .taken(by: owner) }
        switch await ports.provider.poll(id) {
        case .notKnown(let message):
            return .notKnown(message: message)
        case .unavailable(let message, let retryAfter):
            return .notAsked(.providerUnreachable, message: message, retryAfter: retryAfter)
        case .credentialsRejected(let message):
            return .notAsked(.credentialsRejected, message: message, retryAfter: nil)
        case .report:
            // A submission that was in progress may have taken it meanwhile.
            return try await owner(of: id).map { .taken(by: $0) }
        }
    }

    private func owner(of id: ProviderTaskID) async throws(GatewayError) -> TaskID? {
        try await health.throwingGatewayError { () throws(StoreError) in
            try await ports.store.task(providerTaskID: id)?.id
        }
    }

    private func apply(
        _ settlement: TaskLifecycle.Settlement, to task: TaskRecord, for caller: Caller
    ) async throws(GatewayError) -> SettlementOutcome? {
        let id = task.id
        let now = ports.clock.now()
        let record = auditRecord(of: settlement, on: task, for: caller, at: now)
        let limits =
            settlement == .resubmit ? spending.limits(forPrice: task.price, of: task.client, at: now) : nil
        // Decided on what the caller saw: of two callers that dismiss an uncertain task, the second one must
        // not free what earlier submissions of it hold.
        let event =
            task.state == .uncertain
            ? TaskLifecycle.Event.settled(settlement, at: now) : .heldPriceFreed(at: now)
        let outcome = try await health.throwingGatewayError { () throws(StoreError) in
            try await repository.apply(event, to: id, audit: record, limits: limits)
        }
        guard let outcome else { return nil }
        if let limit = outcome.limit {
            let limited = LimitedJob(
                limit, client: task.client, price: task.price, estimatedSeconds: task.estimatedSeconds,
                at: now)
            spending.recordRefusal(of: limited, at: now)
            throw .limited(limited)
        }
        guard outcome.changed else { return .notUncertain(tasks.view(outcome.record)) }
        log(settlement, of: task)
        return .settled(tasks.view(repository.cached(id.text) ?? outcome.record))
    }

    private func auditRecord(
        of settlement: TaskLifecycle.Settlement, on task: TaskRecord, for caller: Caller, at now: Timestamp
    ) -> AuditRecord {
        var record = AuditRecord(settlement.auditAction, by: caller, at: now, on: task)
        switch settlement {
        case .adopt(let providerTaskID): record.detail = "provider task \(providerTaskID)"
        case .resubmit: record.price = task.price
        case .dismiss:
            if task.holdsPriceAfterEnd {
                record.detail = "a held price of $\(Dollars.text(task.heldPrice)) is freed"
            }
        }
        return record
    }

    private func log(_ settlement: TaskLifecycle.Settlement, of task: TaskRecord) {
        var metadata: StructuredLog.Fields = ["task_id": "\(task.id)"]
        switch settlement {
        case .adopt(let providerTaskID):
            metadata["provider_task_id"] = "\(providerTaskID)"
            ports.log.info(.taskSettled, "a task was settled by hand: adopted", metadata: metadata)
        case .dismiss where task.holdsPriceAfterEnd:
            metadata["usd"] = "\(Dollars.text(task.heldPrice))"
            ports.log.info(.taskSettled, "the held price of a task was freed by hand", metadata: metadata)
        case .dismiss:
            ports.log.info(
                .taskSettled, "a task was settled by hand: it was never billed", metadata: metadata)
        case .resubmit:
            ports.log.warning(
                .taskSettled, "a task was settled by hand: it is sent again and may be billed twice",
                metadata: metadata)
        }
    }
}

extension TaskRecord {
    /// Whether a settlement can change the task.
    fileprivate func canBeSettled(as settlement: TaskLifecycle.Settlement) -> Bool {
        state == .uncertain || (settlement == .dismiss && holdsPriceAfterEnd)
    }
}
