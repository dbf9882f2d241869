import VideoJobs

/// Records what people think of finished videos.
struct ReviewService: Sendable {
    let ports: GatewayPorts
    let repository: TaskRepository
    let tasks: TaskReader
    let health: StoreHealth

    /// Reviews a completed task; a later review replaces an earlier one. Returns `nil` if there is no such
    /// task.
    func review(
        _ id: TaskID, _ review: TaskReview, for caller: Caller
    ) async throws(GatewayError) -> ReviewOutcome? {
        guard let view = try await tasks.task(id.text, for: caller) else { return nil }
        let now = ports.clock.now()
        var audit = AuditRecord(.review, by: caller, at: now, on: view.record)
        audit.detail = review.verdict.rawValue
        let record = audit
        let outcome = try await health.throwingGatewayError { () throws(StoreError) in
            try await repository.apply(.reviewed(review, at: now), to: id, audit: record)
        }
        guard let outcome else { return nil }
        let current = tasks.view(outcome.record)
        // The same review again changes nothing.
        return outcome.record.review == review ? .reviewed(current) : .notCompleted(current)
    }
}
