import Synchronization
import VideoJobs

// The evaluation of verdicts for the queue.
extension SubmissionService {
    /// Returns the bytes to send; `nil` if the store has lost them.
    func payload(of task: QueuedTask) async throws(StoreError) -> [UInt8]? {
        if let kept = task.payload { return kept }
        return try await health.recordingFailures { () throws(StoreError) in
            try await ports.store.payload(of: task.id)
        }
    }

    /// Reads the traits of a waiting job, so that it can be compared with rejected ones.
    func readTraits(_ task: QueuedTask) async {
        do {
            // A lost payload is detected when the job is sent.
            let payload = try await payload(of: task) ?? []
            let traits = traits(of: task.id, payload)
            queue.withLock { $0.setTraits(traits, of: task) }
        } catch {
            let time = ports.clock.monotonic() + storeRetryDelay(after: 1)
            queue.withLock { queue in
                queue.setTraits(nil, of: task)
                queue.hold(until: time)
            }
        }
    }

    private func traits(of id: TaskID, _ payload: [UInt8]) -> JobTraits {
        JobTraits(payload: payload, client: repository.cached(id.text)?.client ?? "")
    }

    /// Returns the ending of a submission for the queue.
    func ending(
        of task: QueuedTask, _ payload: [UInt8], by verdict: SubmissionVerdict
    ) -> SubmissionQueue.Ending {
        switch verdict {
        case .accepted:
            // Traits are compared only while jobs are rejected.
            guard queue.withLock({ $0.hasRejectionPatterns }) else { return .accepted(nil) }
            return .accepted(task.traits ?? traits(of: task.id, payload))
        case .refused: return .refused
        case .unknown: return .unknown
        case .notAccepted(let reason, _, _):
            return .notAccepted(reason, task.traits ?? traits(of: task.id, payload))
        case .blocked(let reason, _, _): return .blocked(reason)
        }
    }

    /// Returns the verdict with the successor of a model that the provider does not have any more.
    func namingSuccessor(_ verdict: SubmissionVerdict, of id: TaskID) -> SubmissionVerdict {
        guard case .refused(var failure) = verdict, let record = repository.cached(id.text),
            let entry = models.catalog.model(record.model), entry.isGone(by: failure),
            let successor = entry.lifecycle.successor
        else { return verdict }
        failure.message += "; the successor of \(entry.id) is \(successor)"
        return .refused(failure)
    }

    /// Returns the backoff for a job that was not accepted.
    func retryTerms(_ verdict: SubmissionVerdict) -> RetryTerms {
        RetryTerms(
            backoff: verdict.backoff(settings), probing: settings.submitBackoff,
            retryAfter: verdict.retryAfter, jitter: ports.jitter())
    }
}

extension SubmissionVerdict {
    /// Whether the job was not accepted and is queued again.
    var isCertainlyNotAccepted: Bool {
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
        case .notAccepted(let reason, _, _), .blocked(let reason, _, _): reason.backoff(settings)
        case .unknown: settings.lostReplyBackoff
        case .accepted, .refused: settings.submitBackoff
        }
    }
}

extension BlockReason {
    func backoff(_ settings: GatewaySettings) -> Backoff {
        switch self {
        case .credentialsRejected, .quotaExhausted: settings.pauseBackoff
        case .providerUnreachable, .rateLimited: settings.submitBackoff
        case .archiveUnavailable: settings.spaceBackoff
        }
    }
}
