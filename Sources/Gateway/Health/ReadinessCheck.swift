import VideoJobs

/// The reasons why jobs do not get through, for `/readyz` and 503 responses.
struct ReadinessCheck: Sendable {
    private enum RetryAfterSeconds {
        static let shutdown = 5
        static let store = 5
        static let archive = 10
        static let missingCopy = 60
    }

    let ports: GatewayPorts
    let shutdown: ShutdownState
    let store: StoreHealth
    let archive: ArchiveHealth
    let submissions: SubmissionService

    /// Returns why jobs do not get through now; empty when all is well.
    func readinessIssues() -> [ReadinessIssue] {
        var all: [ReadinessIssue] = []
        if shutdown.isStopping {
            all.append(
                ReadinessIssue(
                    code: "shutting_down", message: "the gateway is shutting down",
                    retryAfterSeconds: RetryAfterSeconds.shutdown))
        }
        if let failure = store.failure {
            all.append(
                ReadinessIssue(
                    code: "store_unavailable", message: failure.message,
                    retryAfterSeconds: RetryAfterSeconds.store))
        }
        if submissions.isPaused { all.append(RestoredStore.issue) }
        if let failure = archive.failure {
            all.append(
                ReadinessIssue(
                    code: "archive_unavailable", message: failure,
                    retryAfterSeconds: RetryAfterSeconds.archive))
        }
        if let block = submissions.block { all.append(issue(block.reason, until: block.until)) }
        return all
    }

    /// Returns what is wrong without keeping any job from being admitted.
    func warnings() -> [ReadinessIssue] {
        archive.missing.map {
            ReadinessIssue(
                code: "archive_unavailable",
                message: "the archived video \($0.index) of \($0.task) is missing",
                retryAfterSeconds: RetryAfterSeconds.missingCopy)
        }
    }

    private func issue(_ reason: BlockReason, until time: MonotonicTime) -> ReadinessIssue {
        let seconds = max(1, (time - ports.clock.monotonic()).components.seconds + 1)
        return ReadinessIssue(
            code: reason.rawValue, message: reason.explanation, retryAfterSeconds: Int(seconds),
            holdsJobs: true)
    }
}
