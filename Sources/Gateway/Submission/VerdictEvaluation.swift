import Synchronization
import VideoJobs

// What submissions learn from jobs and verdicts.
extension SubmissionService {
    /// Returns the bytes to send; `nil` if the store has lost them.
    func payload(of task: QueuedTask) async throws(StoreError) -> [UInt8]? {
        if let kept = task.payload { return kept }
        return try await health.recordingFailures { () throws(StoreError) in
            try await ports.store.payload(of: task.id)
        }
    }

    /// Reads the traits of a waiting job, so that it can be compared with rejected ones.
    func examine(_ task: QueuedTask) async {
        do {
            // A lost payload is noticed when the job is sent.
            let payload = try await payload(of: task) ?? []
            let traits = traits(of: task.id, payload)
            queue.withLock { $0.examined(task, traits) }
        } catch {
            let time = ports.clock.monotonic() + storeRetryDelay(after: 1)
            queue.withLock { queue in
                queue.examined(task, nil)
                queue.hold(until: time)
            }
        }
    }

    private func traits(of id: TaskID, _ payload: [UInt8]) -> JobTraits {
        JobTraits(payload: payload, client: repository.cached(id.text)?.client ?? "")
    }

    /// Returns what a verdict means for the queue.
    func ending(
        of task: QueuedTask, _ payload: [UInt8], by verdict: SubmissionVerdict
    ) -> SubmissionQueue.Ending {
        switch verdict {
        case .accepted:
            // While nothing is rejected, nothing is compared.
            guard queue.withLock({ $0.isJudging }) else { return .accepted(nil) }
            return .accepted(task.traits ?? traits(of: task.id, payload))
        case .refused: return .answered
        case .unknown: return .unknown
        case .notAccepted(let obstacle, _, _):
            return .notAccepted(obstacle, task.traits ?? traits(of: task.id, payload))
        case .blocked(let obstacle, _, _): return .blocked(obstacle)
        }
    }

    /// Returns the backoff for a job that was not accepted.
    func retryTerms(_ verdict: SubmissionVerdict) -> RetryTerms {
        RetryTerms(
            backoff: verdict.backoff(settings), probing: settings.submitBackoff,
            retryAfter: verdict.retryAfter, jitter: ports.jitter())
    }
}

extension SubmissionVerdict {
    /// Whether the job is queued again.
    var isSurelyUnsent: Bool {
        switch self {
        case .notAccepted, .blocked: true
        case .accepted, .refused, .unknown: false
        }
    }

    fileprivate var retryAfter: Duration? {
        switch self {
        case .notAccepted(_, let wait, _), .blocked(_, let wait, _): wait
        case .accepted, .refused, .unknown: nil
        }
    }

    fileprivate func backoff(_ settings: GatewaySettings) -> Backoff {
        switch self {
        case .notAccepted(let obstacle, _, _), .blocked(let obstacle, _, _): obstacle.backoff(settings)
        case .unknown: settings.lostReplyBackoff
        case .accepted, .refused: settings.submitBackoff
        }
    }
}

extension BlockReason {
    fileprivate func backoff(_ settings: GatewaySettings) -> Backoff {
        switch self {
        case .credentialsRejected, .quotaExhausted: settings.pauseBackoff
        case .providerUnreachable, .rateLimited: settings.submitBackoff
        }
    }
}
