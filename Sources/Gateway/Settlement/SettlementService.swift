import Logging
import Synchronization
import VideoJobs

/// Settles uncertain tasks as an operator decides.
final class SettlementService: Sendable {
    private let ports: GatewayPorts
    private let repository: TaskRepository
    private let tasks: TaskReader
    private let health: StoreHealth
    /// Provider tasks that are being adopted now.
    private let adopting = Mutex<Set<ProviderTaskID>>([])

    init(ports: GatewayPorts, repository: TaskRepository, tasks: TaskReader, health: StoreHealth) {
        self.ports = ports
        self.repository = repository
        self.tasks = tasks
        self.health = health
    }

    /// Settles an uncertain task. Returns `nil` if there is no such task. Of concurrent callers one succeeds.
    func settle(
        _ id: TaskID, as settlement: TaskLifecycle.Settlement, for caller: Caller
    ) async throws(GatewayError) -> SettlementOutcome? {
        guard let view = try await tasks.task(id.text, for: caller) else { return nil }
        guard view.record.state == .uncertain else { return .notUncertain(view) }
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
        var audit = AuditRecord(settlement.auditAction, by: caller, at: now, on: task)
        if case .adopt(let providerTaskID) = settlement { audit.detail = "provider task \(providerTaskID)" }
        if case .resubmit = settlement { audit.price = task.price }
        let record = audit
        let outcome = try await health.throwingGatewayError { () throws(StoreError) in
            try await repository.apply(.settled(settlement, at: now), to: id, audit: record)
        }
        guard let outcome else { return nil }
        guard outcome.changed else { return .notUncertain(tasks.view(outcome.record)) }
        log(settlement, of: id)
        return .settled(tasks.view(repository.cached(id.text) ?? outcome.record))
    }

    private func log(_ settlement: TaskLifecycle.Settlement, of id: TaskID) {
        var metadata: Logger.Metadata = ["task_id": "\(id)"]
        switch settlement {
        case .adopt(let providerTaskID):
            metadata["provider_task_id"] = "\(providerTaskID)"
            ports.log.info("a task was settled by hand: adopted", metadata: metadata)
        case .dismiss:
            ports.log.info("a task was settled by hand: it was never billed", metadata: metadata)
        case .resubmit:
            ports.log.warning(
                "a task was settled by hand: it is sent again and may be billed twice", metadata: metadata)
        }
    }
}
