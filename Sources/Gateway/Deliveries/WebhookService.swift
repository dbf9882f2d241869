import VideoJobs

/// Checks callbacks of new jobs, and shows and repeats deliveries for callers.
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

    /// Returns the deliveries of a task, oldest first. Returns `nil` if there is no such task.
    func deliveries(of id: TaskID, for caller: Caller) async throws(GatewayError) -> [Delivery]? {
        guard let view = try await tasks.task(id.text, for: caller) else { return nil }
        return try await deliveries(of: view.record.id)
    }

    /// Orders the last delivery of a task again. Returns `nil` if there is no such task.
    func redeliver(_ id: TaskID, for caller: Caller) async throws(GatewayError) -> Redelivery? {
        guard let view = try await tasks.task(id.text, for: caller) else { return nil }
        let record = view.record
        guard let last = try await deliveries(of: record.id).last else { return .nothing(record) }
        let now = ports.clock.now()
        var audit = AuditRecord(.redeliver, by: caller, at: now, on: record)
        audit.detail = last.id.description
        let complete = audit
        _ = try await health.throwingGatewayError { () throws(StoreError) in
            try await ports.deliveries.changeDelivery(last.id, audit: complete) { $0.order(at: now) }
        }
        deliveries.wake()
        return .ordered(try await deliveries(of: record.id))
    }

    private func deliveries(of id: TaskID) async throws(GatewayError) -> [Delivery] {
        try await health.throwingGatewayError { () throws(StoreError) in
            try await ports.deliveries.deliveries(of: id, limit: Self.shownMax)
        }
    }
}
