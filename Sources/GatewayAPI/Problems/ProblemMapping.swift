package import Gateway
import GatewayProtocol
package import HTTPServing
import JSONText
package import VideoJobs

extension Problem {
    /// The one table from errors to problem responses.
    package init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as JobValidationError: self.init(error)
        case let error as GatewayError: self.init(error)
        case let error as ClientError: self.init(error)
        case let error as HTTPError: self.init(error)
        default: self.init(.internalError, "the gateway failed; its log says more")
        }
    }

    /// A request body that is not a valid job.
    package init(_ error: JobValidationError) {
        switch error {
        case .malformed(let position):
            self.init(
                .malformedJSON, "line \(position.line), column \(position.column): \(position.message)")
            var issue = RequestIssue(.pointer(""), .malformedJSON, position.message)
            issue.position = position
            issues = [issue]
        case .unknownModel(let issue):
            self.init(.unknownModel, issue.message)
            issues = [RequestIssue(issue)]
        case .modelRetired(let issue):
            self.init(retired: issue)
        case .invalid(let all):
            let count = all.count == 1 ? "1 issue" : "\(all.count) issues"
            self.init(.invalidParameters, "\(count) in the job")
            issues = all.map { RequestIssue($0) }
        }
    }

    /// A job of a model that accepts no new ones.
    private init(retired issue: JobIssue) {
        self.init(.modelRetired, issue.message)
        issues = [RequestIssue(issue)]
        hint = issue.hint
    }

    /// A request that the gateway could not carry out.
    package init(_ error: GatewayError) {
        switch error {
        case .store(let error):
            self.init(.storeUnavailable, "the task store fails: \(error.message)")
        case .shuttingDown:
            self.init(.shuttingDown, "the gateway is shutting down; try again in a moment")
        case .idempotencyKeyReused:
            self.init(
                .idempotencyKeyReused,
                "this Idempotency-Key was used for another job; use a fresh key for a new job",
                at: .header(GatewayHeader.idempotencyKey))
        case .modelNotAllowed(let model, let client):
            self.init(
                .modelNotAllowed, "client \(client) may not use \(model)", at: .pointer("/model"))
        case .modelRetired(let issue): self.init(retired: issue)
        case .callbackNotAllowed(let reason):
            self.init(.callbackNotAllowed, reason, at: .pointer("/\(CallbackParameter.name)"))
        case .limited(let job):
            self.init(job)
        case .accessEnded:
            self = .unauthorized("the token was revoked, or the session has ended, while the request waited")
        case .queueFull:
            self.init(
                .tooManyTasks, "the queue of the gateway is full; try again when tasks have ended")
        }
    }

    /// A job whose admission failed. `hasKey`: whether it came with an `Idempotency-Key`.
    package init(admitting error: GatewayError, hasKey: Bool) {
        self.init(error)
        // A store that failed in the middle may still hold the job, and send it after a restart. It then
        // holds the key too, and the next try joins the task.
        if case .store = error { forbidsRetry = !hasKey }
    }

    /// A provider task that could not be adopted.
    package init(_ issue: AdoptionIssue) {
        let location = IssueLocation.pointer("/\(TaskMember.providerTaskID.rawValue)")
        switch issue {
        case .taken(let owner):
            let other = owner.map { "belongs to \($0)" } ?? "is being adopted by another call"
            self.init(.providerTaskTaken, "this provider task \(other)", at: location)
        case .notKnown(let message):
            self.init(
                .unknownProviderTask, "the provider does not know this task (\(message))", at: location)
        case .notAsked(let reason, let message, let wait):
            self.init(
                ProblemCode(reason),
                "the provider does not say whether it knows this task (\(message)); nothing was changed")
            let seconds = wait.map { Int($0.components.seconds) } ?? Self.adoptionRetrySeconds
            retryAfter = min(max(1, seconds), Self.adoptionRetrySecondsMax)
        }
    }

    private static let adoptionRetrySeconds = 10
    private static let adoptionRetrySecondsMax = 3600

    /// A request that the HTTP layer rejected. (A test finds every code of that layer in `ProblemCode`.)
    package init(_ error: HTTPError) {
        let fallback = error.status < 500 ? ProblemCode.badRequest : .internalError
        self.init(ProblemCode(rawValue: error.code) ?? fallback, error.message, status: error.status)
    }

    /// The provider's statuses that a response keeps.
    static let keptStatuses = [400, 413, 415, 422]

    /// A definite refusal, in the provider's words; `nil` if the task failed in another way.
    package init?(refusal failure: FailureReason, of task: TaskID) {
        guard failure.httpStatus != nil || failure.code == ProblemCode.providerRefused.rawValue
        else { return nil }
        // Kept where the client can correct the job; the provider's 404 would look like a wrong address.
        let kept = failure.httpStatus.flatMap { Self.keptStatuses.contains($0) ? $0 : nil }
        self.init(.providerRefused, "the provider refused the job: \(failure.message)", status: kept)
        if failure.code != code.rawValue {
            issues = [RequestIssue(.pointer(""), code: failure.code, failure.message)]
        }
        self.task = task
        forbidsRetry = true
    }

    /// A job that may be running and billed.
    package static func outcomeUnknown(_ record: TaskRecord) -> Problem {
        let received = record.evidence.map { " (\($0.reply.message))" } ?? ""
        return Problem(
            .outcomeUnknown,
            "the outcome at the provider is unknown\(received): the job may be running and billed; it is not"
                + " sent again by itself; do not repeat it before the task is settled"
        ).after(durable: record.id)
    }

    /// A job that is durable and blocked; it needs no second POST. The detail includes what the provider said
    /// about this job.
    package init(_ issue: ReadinessIssue, blocking record: TaskRecord) {
        let message = record.blockReason?.rawValue == issue.code ? record.blockMessage : nil
        let said = message.flatMap { issue.message.contains($0) ? nil : " (\($0))" } ?? ""
        self.init(
            ProblemCode(issue), "\(issue.message)\(said); the job is queued as \(record.id)", status: 503)
        retryAfter = max(1, issue.retryAfterSeconds)
        task = record.id
        forbidsRetry = true
    }

    /// A gateway that cannot take jobs.
    package static func notReady(_ issues: [ReadinessIssue]) -> Problem {
        var problem = Problem(
            issues.first.map { ProblemCode($0) } ?? .shuttingDown, issues.first?.message ?? "not ready",
            status: 503)
        problem.issues = issues.map { RequestIssue($0) }
        problem.retryAfter = issues.map(\.retryAfterSeconds).max().map { max(1, $0) }
        return problem
    }
}

extension ProblemCode {
    /// The code of a block reason.
    init(_ reason: BlockReason) {
        switch reason {
        case .providerUnreachable: self = .providerUnreachable
        case .credentialsRejected: self = .providerCredentialsRejected
        case .quotaExhausted: self = .providerQuotaExhausted
        case .rateLimited: self = .rateLimited
        case .archiveUnavailable: self = .archiveUnavailable
        }
    }

    /// The code of a readiness issue. (A test finds every code of those in `ProblemCode`.)
    init(_ issue: ReadinessIssue) { self = ProblemCode(rawValue: issue.code) ?? .internalError }
}
