package import Gateway
package import VideoJobs

// Calls of the one client that there is while access is open.
extension VideoGateway {
    /// Admits a job of a client with an operator's rights.
    package func admit(
        _ job: VideoJob, client: String, claim: IdempotencyClaim? = nil
    ) async throws(GatewayError) -> AdmittedTask {
        try await admit(job, for: Caller(client: client, isOperator: true), claim: claim)
    }

    /// Returns a task.
    package func task(_ id: String) async throws(GatewayError) -> TaskView? {
        try await task(id, for: .open)
    }

    /// Cancels a job that was not sent.
    package func cancel(_ id: TaskID) async throws(GatewayError) -> Cancellation? {
        try await cancel(id, for: .open)
    }

    /// Returns a page of all tasks.
    package func tasks(
        matching query: TaskQuery
    ) async throws(GatewayError) -> (views: [TaskView], hasMore: Bool) {
        try await tasks(matching: query, for: .open)
    }

    /// Returns the archived content of one result.
    package func content(of id: String, index: Int) async throws(GatewayError) -> ContentAvailability {
        try await content(of: id, index: index, for: .open)
    }

    /// Settles an uncertain task.
    package func settle(
        _ id: TaskID, as settlement: TaskLifecycle.Settlement
    ) async throws(GatewayError) -> SettlementOutcome? {
        try await settle(id, as: settlement, for: .open)
    }

    /// Returns the newest view of a task once the condition holds or the time is over.
    package func wait(
        for id: TaskID, atMost bound: Duration, until condition: @escaping @Sendable (TaskRecord) -> Bool
    ) async throws(GatewayError) -> TaskView? {
        try await wait(
            for: id, atMost: bound, for: WaitingCaller(.open) { .open }, until: condition)
    }
}
