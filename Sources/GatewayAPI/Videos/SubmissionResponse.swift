package import Gateway
import GatewayProtocol
package import VideoJobs

/// The kind of response to a POST whose job is durable.
package enum SubmissionResponse: Equatable, Sendable {
    /// The task as it is now, with this status.
    case task(status: Int)
    case problem(Problem)

    /// Decides over a task when the waiting is over.
    ///
    /// - Parameters:
    ///   - current: What blocks submission as a whole; a task that waits behind it may carry no reason of its
    ///     own.
    ///   - secondsLeft: The time until the next attempt of a task that was refused itself.
    package init(
        _ record: TaskRecord, _ preference: SubmissionPreference, current: [ReadinessIssue] = [],
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
            let issue = isQueued ? Self.issue(blocking: record, current, secondsLeft) : nil
            self = Self.pending(record, preference, issue)
        }
    }

    private static func pending(
        _ record: TaskRecord, _ preference: SubmissionPreference, _ issue: ReadinessIssue?
    ) -> SubmissionResponse {
        switch preference {
        case .respondAsync:
            return .task(status: 202)
        case .wait:
            // A client that waits can ask again; only an issue that needs a person is worth an error.
            guard let issue, issue.needsPerson else { return .task(status: 202) }
            return .problem(Problem(issue, blocking: record))
        case .verdict:
            guard let issue else { return .task(status: 200) }
            return .problem(Problem(issue, blocking: record))
        }
    }

    private static func issue(
        blocking record: TaskRecord, _ current: [ReadinessIssue], _ secondsLeft: Int?
    ) -> ReadinessIssue? {
        // A pause outlasts every reason of the task's own: nothing at all is sent.
        if let pause = current.first(where: { $0.code == RestoredStore.code }) { return pause }
        guard let own = record.blockReason else { return current.first { $0.keepsJobsWaiting } }
        // A provider's "too many requests" is ordinary queueing: the job is sent when its turn comes.
        guard own != .rateLimited else { return nil }
        return current.first { $0.code == own.rawValue } ?? ReadinessIssue(own, after: secondsLeft)
    }
}

extension ReadinessIssue {
    /// Whether a person must correct the provider account before anything is sent.
    package var isAccount: Bool {
        code == BlockReason.credentialsRejected.rawValue
            || code == BlockReason.quotaExhausted.rawValue
    }

    /// Whether nothing is sent before a person has done something.
    package var needsPerson: Bool { isAccount || code == RestoredStore.code }

    /// Whether jobs wait for space in the archive. A folder that is missing holds no job.
    var isArchiveFull: Bool { holdsJobs && code == BlockReason.archiveUnavailable.rawValue }

    fileprivate var keepsJobsWaiting: Bool {
        isAccount || code == BlockReason.providerUnreachable.rawValue || isArchiveFull
    }

    /// The issue of a task whose block reason the gateway as a whole does not report.
    fileprivate init(_ reason: BlockReason, after seconds: Int?) {
        let fallback = ProblemCode(reason).definition.retry.seconds ?? 1
        self.init(
            code: reason.rawValue, message: reason.explanation, retryAfterSeconds: seconds ?? fallback)
    }
}
