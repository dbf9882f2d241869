import VideoJobs

/// Checks callbacks of new jobs, shows deliveries to callers, and repeats webhooks for them.
struct WebhookService: Sendable {
    /// The deliveries of a task that are shown: those of its last ends.
    private static let shownMax = 100

    let ports: GatewayPorts
    let tasks: TaskReader
    let health: StoreHealth
    let deliveries: DeliveryService

    /// Returns why the callback of a job is not allowed; `nil` if it is, or there is none.
    func refusal(of job: VideoJob) async -> GatewayError? {
        guard let url = job.callbackURL else { return nil }
        return await ports.webhooks.refusal(of: url).map { .callbackNotAllowed($0) }
    }

    /// Returns the deliveries of a task, oldest first; notices only for an operator, whose receivers they
    /// name. Returns `nil` if there is no such task.
    func deliveries(of id: TaskID, for caller: Caller) async throws(GatewayError) -> [Delivery]? {
        guard let view = try await tasks.task(id.text, for: caller) else { return nil }
        return try await deliveries(of: view.record.id, shownTo: caller)
    }

    /// Orders the last webhook of a task again. Returns `nil` if there is no such task.
    func redeliver(_ id: TaskID, for caller: Caller) async throws(GatewayError) -> Redelivery? {
        guard let view = try await tasks.task(id.text, for: caller) else { return nil }
        let record = view.record
        let all = try await deliveries(of: record.id, shownTo: caller)
        guard let last = all.last(where: \.isWebhook) else { return .nothing(record) }
        let now = ports.clock.now()
        var audit = AuditRecord(.redeliver, by: caller, at: now, on: record)
        audit.detail = last.id.description
        let complete = audit
        _ = try await health.throwingGatewayError { () throws(StoreError) in
            try await ports.deliveries.changeDelivery(last.id, audit: complete) { $0.order(at: now) }
        }
        deliveries.wake()
        return .ordered(try await deliveries(of: record.id, shownTo: caller))
    }

    private func deliveries(
        of id: TaskID, shownTo caller: Caller
    ) async throws(GatewayError) -> [Delivery] {
        let all = try await health.throwingGatewayError { () throws(StoreError) in
            try await ports.deliveries.deliveries(of: id, limit: Self.shownMax)
        }
        return caller.isOperator ? all : all.filter(\.isWebhook)
    }
}
