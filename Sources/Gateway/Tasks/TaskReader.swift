import VideoJobs

/// Reads tasks for callers: from the gateway's own state only, never from the provider.
struct TaskReader: Sendable {
    let ports: GatewayPorts
    let repository: TaskRepository
    let submissions: SubmissionService
    let health: StoreHealth
    let shutdown: ShutdownState

    /// Returns a task by our id or the provider's, if the caller may see it.
    func task(_ id: String, for caller: Caller) async throws(GatewayError) -> TaskView? {
        guard let view = try await task(id), view.record.isVisible(to: caller) else { return nil }
        return view
    }

    /// Returns a task by our id or the provider's.
    func task(_ id: String) async throws(GatewayError) -> TaskView? {
        try await health.throwingGatewayError { () throws(StoreError) in try await repository.task(id) }
            .map { view($0) }
    }

    /// Returns a task with its job and its history, if the caller may see it.
    func details(of id: String, for caller: Caller) async throws(GatewayError) -> TaskDetails? {
        guard let view = try await task(id, for: caller) else { return nil }
        return try await health.throwingGatewayError { () throws(StoreError) in
            let payload = try await ports.store.payload(of: view.record.id)
            let events = try await ports.store.events(of: view.record.id)
            return TaskDetails(view: view, payload: payload, events: events)
        }
    }

    /// Returns the newest view once the condition holds or the time is over. Ends early when the surrounding
    /// task is cancelled, which changes nothing for the job.
    func wait(
        for id: TaskID, atMost bound: Duration, for waiting: WaitingCaller,
        until condition: @escaping @Sendable (TaskRecord) -> Bool
    ) async throws(GatewayError) -> TaskView? {
        var caller = waiting.caller
        guard let view = try await task(id.text, for: caller) else { return nil }
        if condition(view.record) || bound <= .zero { return view }
        let deadline = ports.clock.monotonic() + bound
        while true {
            if shutdown.isStopping, repository.cached(id.text)?.state != .sending { break }
            let outcome = await repository.feed.waits.wait(
                for: id, until: deadline, current: { [repository] in repository.cached(id.text) },
                condition: condition)
            guard outcome == .policyChanged else { break }
            guard let current = waiting.current() else { throw .accessEnded }
            caller = current
            guard try await task(id.text, for: caller) != nil else { return nil }
        }
        return try await task(id.text, for: caller)
    }

    /// Returns a page of the tasks that the caller may see, newest first.
    func tasks(
        matching query: TaskQuery, for caller: Caller
    ) async throws(GatewayError) -> (views: [TaskView], hasMore: Bool) {
        var query = query
        if !caller.isOperator {
            guard query.client == nil || query.client == caller.client else { return ([], false) }
            query.client = caller.client
        }
        let matching = query
        let page = try await health.throwingGatewayError { () throws(StoreError) in
            try await ports.store.tasks(matching: matching)
        }
        return (page.tasks.map { view($0) }, page.hasMore)
    }

    /// Returns a record with its place in the queue.
    func view(_ record: TaskRecord) -> TaskView {
        TaskView(record: record, queueStatus: submissions.queueStatus(of: record))
    }
}
