import Synchronization
package import VideoJobs

// What a submission has to know of jobs and of verdicts.
extension VideoGateway {
    /// The bytes to send; `nil` if the store has lost them.
    func payload(of task: QueuedTask) async throws(StoreError) -> [UInt8]? {
        if let kept = task.payload { return kept }
        return try await health.watching { () throws(StoreError) in
            try await ports.store.payload(of: task.id)
        }
    }

    /// Reads what a waiting job asks for, so that it can be compared with those that are refused.
    func examine(_ task: QueuedTask) async {
        do {
            // What was lost is found to be so when it is sent.
            let payload = try await payload(of: task) ?? []
            let traits = traits(of: task.id, payload)
            queue.withLock { $0.examined(task, traits) }
        } catch {
            let delay = settings.submitBackoff.delay(after: 1, retryAfter: nil, jitter: ports.jitter())
            let time = ports.clock.monotonic() + delay
            queue.withLock { queue in
                queue.examined(task, nil)
                queue.hold(until: time)
            }
        }
    }

    private func traits(of id: TaskID, _ payload: [UInt8]) -> JobTraits {
        JobTraits(payload: payload, client: cache.record(id.text)?.client ?? "")
    }

    /// Whether a task does not wait in the queue: it is on its way, or has been.
    package func hasLeftQueue(_ id: TaskID) -> Bool { queue.withLock { $0.position(of: id) == nil } }

    /// What a verdict says to the queue.
    func ending(
        of task: QueuedTask, _ payload: [UInt8], by verdict: SubmissionVerdict
    ) -> SubmissionQueue.Ending {
        switch verdict {
        case .accepted:
            // In quiet times nothing is compared.
            guard queue.withLock({ $0.isJudging }) else { return .accepted(nil) }
            return .accepted(task.traits ?? traits(of: task.id, payload))
        case .refused: return .answered
        case .unknown: return .unknown
        case .notAccepted(let obstacle, _, _):
            return .notAccepted(obstacle, task.traits ?? traits(of: task.id, payload))
        case .blocked(let obstacle, _, _): return .blocked(obstacle)
        }
    }

    /// How patiently what was not taken is tried again.
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
