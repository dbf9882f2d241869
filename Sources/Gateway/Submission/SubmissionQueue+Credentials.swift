import Synchronization
import VideoJobs

// The effect of replaced credentials of the account.
extension SubmissionQueue {
    /// Ends all waits that rejected credentials or their quota caused. One job is sent at once, as the probe;
    /// the others follow after the reply of the provider.
    mutating func replaceCredentials(at now: MonotonicTime) {
        credentialsVersion += 1
        var reason: BlockReason?
        for index in patterns.indices.reversed() where patterns[index].reason.concernsCredentials {
            reason = patterns[index].reason
            patterns[index].release(.refuted, to: &ready)
            patterns.remove(at: index)
        }
        for (id, backoff) in backoffs where backoff.reason.concernsCredentials {
            reason = backoff.reason
            backoffs[id] = nil
        }
        // Tasks that back off for another reason are held again by the next search.
        ready.merge(&backingOff)
        if let closure = gate.closure {
            // Another reason that holds all jobs has not changed.
            guard closure.reason.concernsCredentials else { return }
            reason = closure.reason
        }
        if let reason { gate.probe(reason, at: now) }
    }

    /// Whether a submission was rejected with credentials that were replaced meanwhile. Such a rejection does
    /// not concern the new credentials, so the job is sent again at once.
    func isOutdated(_ ending: Ending, of task: QueuedTask) -> Bool {
        guard task.credentialsVersion != credentialsVersion else { return false }
        return switch ending {
        case .notAccepted(let reason, _), .blocked(let reason): reason.concernsCredentials
        case .accepted, .refused, .unknown: false
        }
    }
}

extension SubmissionService {
    /// Sends the next job at once if submissions wait because of the account's credentials, which were
    /// replaced.
    func replaceCredentials() {
        let now = ports.clock.monotonic()
        queue.withLock { $0.replaceCredentials(at: now) }
        reportUnblocked()
        dispatchReady()
    }
}

extension BlockReason {
    /// Whether other credentials may end it: the quota belongs to their account.
    fileprivate var concernsCredentials: Bool {
        switch self {
        case .credentialsRejected, .quotaExhausted: true
        case .providerUnreachable, .rateLimited, .archiveUnavailable: false
        }
    }
}
