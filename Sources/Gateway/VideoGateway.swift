package import VideoJobs

/// The gateway, whatever speaks to it: takes jobs, answers for tasks, and keeps its background work going.
///
/// `StatusAnswers` are prebuilt by `render` whenever a record changes, so that a reader gets them without work.
package final class VideoGateway<StatusAnswer: Sendable>: Sendable {
    /// Takes a job: durable when this returns. The rest (sending, polling, archiving) goes on by itself.
    package func admit(
        _ job: VideoJob, client: String, claim: IdempotencyClaim? = nil
    ) async throws(GatewayRefusal)
        -> AdmittedTask
    { fatalError("seam") }

    /// The prebuilt answer for a task that is cached; `nil` sends the caller to `task(_:)`. Never blocks.
    package func cachedAnswer(_ id: String) -> StatusAnswer? { nil }

    /// A task by our id or the provider's, from the cache or the store. Never causes a provider call.
    package func task(_ id: String) async throws(GatewayRefusal) -> TaskView<StatusAnswer>? { nil }

    /// Waits until the condition holds for the task or the time is over, and returns its newest view. Ends early when
    /// the surrounding task is cancelled; that changes nothing for the job.
    package func wait(
        for id: TaskID, atMost bound: Duration, until condition: @escaping @Sendable (TaskRecord) -> Bool
    ) async throws(GatewayRefusal) -> TaskView<StatusAnswer>? { nil }

    package func tasks(
        matching query: TaskQuery
    ) async throws(GatewayRefusal) -> (views: [TaskView<StatusAnswer>], hasMore: Bool) {
        ([], false)
    }

    /// Withdraws a job that was not sent. `nil` if there is no such task.
    package func cancel(_ id: TaskID) async throws(GatewayRefusal) -> Cancellation<StatusAnswer>? { nil }

    /// The archived file of one result.
    package func content(of id: String, index: Int) async throws(GatewayRefusal) -> ContentAnswer {
        .notFound
    }

    /// Why no jobs can be taken now; empty when all is well. For `/readyz`.
    package func obstacles() -> [GatewayObstacle] { [] }

    private init() {}
}

/// A record with what belongs to the moment.
package struct TaskView<StatusAnswer: Sendable>: Sendable {
    package var record: TaskRecord
    /// 1 for the next to be sent; `nil` unless queued.
    package var queuePosition: Int?
    package var answer: StatusAnswer
}

package struct AdmittedTask: Sendable {
    package var record: TaskRecord
    /// Whether an earlier job under the same `Idempotency-Key` was joined.
    package var replayed: Bool
}

package enum Cancellation<StatusAnswer: Sendable>: Sendable {
    case cancelled(TaskView<StatusAnswer>)
    /// It was sent already, or has ended.
    case tooLate(TaskView<StatusAnswer>)
}

package enum ContentAnswer: Sendable {
    case notFound
    case notReady(TaskRecord)
    case expired(TaskRecord)
    case file(ArchivedFile, ArchivedResult, TaskRecord)
}

/// Why the gateway could not do what it was asked.
package enum GatewayRefusal: Error, Equatable, Sendable {
    case store(StoreFailure)
    /// Draining for shutdown.
    case shuttingDown
    /// 422 `idempotency_key_reused`.
    case idempotencyKeyReused
    /// The durable queue is at its bound.
    case queueFull
}

/// A lasting reason why jobs do not get through, for `/readyz` and 503 answers.
package struct GatewayObstacle: Equatable, Sendable {
    /// The contract's code: `provider_credentials_rejected`, `provider_quota_exhausted`, `provider_unreachable`,
    /// `store_unavailable`, `shutting_down`.
    package var code: String
    package var message: String
    package var retryAfterSeconds: Int

    package init(code: String, message: String, retryAfterSeconds: Int) {
        self.code = code
        self.message = message
        self.retryAfterSeconds = retryAfterSeconds
    }
}
