import Synchronization
import VideoJobs

// The effect of replaced credentials of the account.
extension SubmissionQueue {
    /// Ends all waits that rejected credentials or their quota caused. One job is sent at once, as the probe;
    /// the others follow when the provider has answered it.
    mutating func replaceCredentials(at now: MonotonicTime) {
        credentialsVersion += 1
        var obstacle: BlockReason?
        for index in kinds.indices.reversed() where kinds[index].obstacle.concernsCredentials {
            obstacle = kinds[index].obstacle
            kinds[index].release(.over, to: &ready)
            kinds.remove(at: index)
        }
        for (id, task) in refusedTasks where task.obstacle.concernsCredentials {
            obstacle = task.obstacle
            refusedTasks[id] = nil
        }
        // Tasks that wait for another reason rest again at the next search.
        ready.merge(&resting)
        if let closure = gate.closure {
            // Anything else that holds all jobs has not changed.
            guard closure.obstacle.concernsCredentials else { return }
            obstacle = closure.obstacle
        }
        if let obstacle { gate.probe(obstacle, at: now) }
    }

    /// Whether a submission was rejected with credentials that were replaced meanwhile: that means nothing
    /// for the new ones, so the job is sent again at once.
    func isOutdated(_ ending: Ending, of task: QueuedTask) -> Bool {
        guard task.credentialsVersion != credentialsVersion else { return false }
        return switch ending {
        case .notAccepted(let obstacle, _), .blocked(let obstacle): obstacle.concernsCredentials
        case .accepted, .answered, .unknown: false
        }
    }
}

extension SubmissionService {
    /// Sends the next job at once if submissions wait because of the account's credentials, which were
    /// replaced.
    func replaceCredentials() {
        let now = ports.clock.monotonic()
        queue.withLock { $0.replaceCredentials(at: now) }
        dispatchReady()
    }
}

extension BlockReason {
    /// Whether other credentials may end it: the quota belongs to their account.
    fileprivate var concernsCredentials: Bool {
        switch self {
        case .credentialsRejected, .quotaExhausted: true
        case .providerUnreachable, .rateLimited: false
        }
    }
}
