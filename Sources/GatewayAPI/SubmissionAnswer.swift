package import Gateway
package import VideoJobs

/// How a client wants a POST answered (RFC 7240).
package enum SubmissionPreference: Equatable, Sendable {
    /// With the provider's verdict, within the gateway's own bound.
    case verdict
    /// As soon as the job is durable.
    case respondAsync
    /// When the task has ended, or after this many seconds.
    case wait(seconds: Int)

    /// Whether nothing is to be gained by waiting further.
    package func isSatisfied(by record: TaskRecord) -> Bool {
        switch self {
        case .respondAsync: true
        case .verdict: !record.awaitsVerdict || record.isHeldByAccount
        case .wait: !record.state.isOpen || record.isHeldByAccount
        }
    }
}

/// What a POST is answered with, once its job is durable.
package enum SubmissionAnswer: Equatable, Sendable {
    /// The task as it stands, under this status.
    case task(status: Int)
    case problem(Problem)

    /// Decides over a task as it stands when the waiting is over. `standing` is what keeps the gateway as a
    /// whole from sending; a task that waits behind it may carry no obstacle of its own. One that was refused
    /// itself is tried again after `secondsLeft`.
    package init(
        _ record: TaskRecord, _ preference: SubmissionPreference, standing: [ReadinessIssue] = [],
        secondsLeft: Int? = nil
    ) {
        switch record.state {
        case .uncertain:
            self = .problem(.outcomeUnknown(record))
        case .failed:
            // A refused job is the POST's failure; a generation that failed later is the task's.
            let refusal = record.failure.flatMap { Problem(refusal: $0, of: record.id) }
            self = refusal.map(Self.problem) ?? .task(status: 200)
        case .completed, .cancelled:
            self = .task(status: 200)
        case .running, .archiving:
            self = .task(status: preference == .verdict ? 200 : 202)
        case .queued, .sending:
            let isQueued = record.state == .queued
            let obstacle = isQueued ? Self.obstacle(before: record, standing, secondsLeft) : nil
            self = Self.pending(record, preference, obstacle)
        }
    }

    private static func pending(
        _ record: TaskRecord, _ preference: SubmissionPreference, _ obstacle: ReadinessIssue?
    ) -> SubmissionAnswer {
        switch preference {
        case .respondAsync:
            return .task(status: 202)
        case .wait:
            // Whoever asked to wait can also ask again; only what a person must mend is worth an error.
            guard let obstacle, obstacle.needsPerson else { return .task(status: 202) }
            return .problem(Problem(obstacle, holding: record))
        case .verdict:
            guard let obstacle else { return .task(status: 200) }
            return .problem(Problem(obstacle, holding: record))
        }
    }

    private static func obstacle(
        before record: TaskRecord, _ standing: [ReadinessIssue], _ secondsLeft: Int?
    ) -> ReadinessIssue? {
        // Longer than any wait of its own: nothing at all is sent.
        if let paused = standing.first(where: { $0.code == RestoredStore.code }) { return paused }
        guard let own = record.blockReason else { return standing.first { $0.isProviders } }
        // A provider's "too many requests" is ordinary queueing: the job goes out when its turn comes.
        guard own != .rateLimited else { return nil }
        return standing.first { $0.code == own.rawValue } ?? ReadinessIssue(own, after: secondsLeft)
    }
}

extension TaskRecord {
    fileprivate var awaitsVerdict: Bool { state == .queued || state == .sending }

    /// Whether it waits until a person has mended the provider account.
    fileprivate var isHeldByAccount: Bool {
        state == .queued && (blockReason == .credentialsRejected || blockReason == .quotaExhausted)
    }
}

extension ReadinessIssue {
    /// Whether a person must mend the provider account before anything is sent.
    package var isAccount: Bool {
        code == BlockReason.credentialsRejected.rawValue
            || code == BlockReason.quotaExhausted.rawValue
    }

    /// Whether nothing is sent before a person has done something.
    package var needsPerson: Bool { isAccount || code == RestoredStore.code }

    fileprivate var isProviders: Bool { isAccount || code == BlockReason.providerUnreachable.rawValue }

    /// For a task whose obstacle the gateway as a whole no longer, or not yet, reports.
    fileprivate init(_ obstacle: BlockReason, after seconds: Int?) {
        self.init(
            code: obstacle.rawValue, message: obstacle.explanation, retryAfterSeconds: seconds ?? 30)
    }
}
