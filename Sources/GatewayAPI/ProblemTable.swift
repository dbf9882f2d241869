package import Gateway
package import HTTPServing
import JSONText
package import VideoJobs

extension Problem {
    /// The one place where a failure becomes an HTTP answer.
    package init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let rejection as JobValidationError: self.init(rejection)
        case let refusal as GatewayError: self.init(refusal)
        case let refusal as HTTPError: self.init(refusal)
        default: self.init(500, "internal_error", "the gateway failed; its log says more")
        }
    }

    /// A request that is no job.
    package init(_ rejection: JobValidationError) {
        switch rejection {
        case .malformed(let fault):
            self.init(
                400, "malformed_json", "line \(fault.line), column \(fault.column): \(fault.message)")
            var place = Fault(.pointer(""), "malformed_json", fault.message)
            place.position = fault
            faults = [place]
        case .unknownModel(let fault):
            self.init(422, "unknown_model", fault.message)
            faults = [Fault(fault)]
        case .invalid(let all):
            self.init(
                422, "invalid_parameters",
                all.count == 1 ? "1 fault in the job" : "\(all.count) faults in the job")
            faults = all.map(Fault.init)
        }
    }

    /// What the gateway could not do.
    package init(_ refusal: GatewayError) {
        switch refusal {
        case .store(let failure):
            self.init(503, "store_unavailable", "the task store does not work: \(failure.message)")
            retryAfter = 10
        case .shuttingDown:
            self.init(503, "shutting_down", "the gateway is shutting down; try again in a moment")
            retryAfter = 10
        case .idempotencyKeyReused:
            let message = "this Idempotency-Key came before with another job; use a fresh key for a new job"
            self.init(422, "idempotency_key_reused", message)
            faults = [Fault(.header("Idempotency-Key"), "idempotency_key_reused", message)]
        case .queueFull:
            self.init(
                429, "too_many_tasks", "the queue of the gateway is full; try again when tasks have ended")
            retryAfter = 30
        }
    }

    /// Why a job may not have become durable. `hasKey`: whether it came with an `Idempotency-Key`.
    package init(admitting refusal: GatewayError, hasKey: Bool) {
        self.init(refusal)
        // A store that failed in the middle may still hold the job, and send it after a restart. It then
        // holds the key too, and the next try joins the task.
        if case .store = refusal { forbidsRetry = !hasKey }
    }

    /// Why a task could not be followed as one of the provider's.
    package init(_ refusal: AdoptionIssue) {
        switch refusal {
        case .taken(let owner):
            let other = owner.map { "belongs to \($0)" } ?? "is just being adopted by another call"
            self.init(409, "provider_task_taken", "this task of the provider's \(other)")
        case .notKnown(let message):
            self.init(
                422, "unknown_provider_task", "the provider does not know this task (\(message))")
        case .notAsked(let obstacle, let message, let wait):
            self.init(
                503, obstacle.rawValue,
                "the provider does not say whether it knows this task (\(message)); nothing was changed")
            retryAfter = min(max(1, Int((wait ?? .seconds(10)).components.seconds)), 3600)
            return
        }
        faults = [Fault(.pointer("/provider_task_id"), code, detail)]
    }

    /// What the HTTP layer turned away.
    package init(_ refusal: HTTPError) {
        self.init(refusal.status, refusal.code, refusal.message)
        if refusal.status == 503 { retryAfter = 5 }
    }

    /// A definite no of the provider, in its words; `nil` if the task failed in another way.
    package init?(refusal failure: FailureReason, of task: TaskID) {
        guard failure.httpStatus != nil || failure.code == "provider_refused" else { return nil }
        // Kept where the caller can mend the job; a 404 of theirs would look like a wrong address of ours.
        let kept = failure.httpStatus.flatMap { [400, 413, 415, 422].contains($0) ? $0 : nil }
        self.init(kept ?? 502, "provider_refused", "the provider refused the job: \(failure.message)")
        if failure.code != code { faults = [Fault(.pointer(""), failure.code, failure.message)] }
        self.task = task
        forbidsRetry = true
    }

    /// The job may be running and billed.
    package static func outcomeUnknown(_ record: TaskRecord) -> Problem {
        let received = record.evidence.map { " (\($0.reply.message))" } ?? ""
        var problem = Problem(
            504, "outcome_unknown",
            "the outcome at the provider is unknown\(received): the job may be running and billed; it is not"
                + " sent again by itself; do not repeat it before the task is settled")
        problem.task = record.id
        problem.forbidsRetry = true
        return problem
    }

    /// The job is durable and waits behind an obstacle; it needs no second POST. Tells what the provider said
    /// of the job itself.
    package init(_ obstacle: ReadinessIssue, holding record: TaskRecord) {
        let message = record.blockReason?.rawValue == obstacle.code ? record.blockMessage : nil
        let said = message.flatMap { obstacle.message.contains($0) ? nil : " (\($0))" } ?? ""
        self.init(503, obstacle.code, "\(obstacle.message)\(said); the job is queued as \(record.id)")
        retryAfter = max(1, obstacle.retryAfterSeconds)
        task = record.id
        forbidsRetry = true
    }

    /// Not able to take jobs.
    package static func notReady(_ obstacles: [ReadinessIssue]) -> Problem {
        let first = obstacles.first
        var problem = Problem(503, first?.code ?? "shutting_down", first?.message ?? "not ready")
        problem.faults = obstacles.map { Fault(.nowhere, $0.code, $0.message) }
        problem.retryAfter = obstacles.map(\.retryAfterSeconds).max().map { max(1, $0) }
        return problem
    }

    package static let noSuchTask = Problem(404, "not_found", "there is no such task")

    /// The same failure, after the job became durable.
    package func after(durable task: TaskID) -> Problem {
        var problem = self
        problem.task = task
        problem.forbidsRetry = true
        return problem
    }
}

extension Problem.Fault {
    fileprivate init(_ fault: JobIssue) {
        self.init(.pointer(fault.pointer), fault.code, fault.message)
        allowed = fault.allowed
        hint = fault.hint
    }
}
