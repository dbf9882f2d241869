/// The observable outcome of a job: its state, the response to the client, and the ledger of the provider.
struct Outcome: Equatable, Sendable {
    /// The response to the client.
    struct Response: Equatable, Sendable {
        var status: Int
        /// The error code; `nil` if the response is a task.
        var code: String?
        /// The value of `x-should-retry`.
        var shouldRetry: String?
        var hasRetryAfter = false
        /// Whether the response contains the task ID.
        var namesTask = true
    }

    /// The counts of the job in the ledger of the provider.
    struct Counts: Equatable, Sendable {
        var creates: Int
        /// The number of billed creates.
        var accepted: Int
    }

    /// The class in the table of the contract, from the state and the log.
    var verdict: String
    var state: String
    var response: Response
    var counts: Counts
    /// For a job that stays queued: the counts when the fault has ended and the job runs.
    var afterRecovery: Counts?
}

extension Outcome {
    static func accepted(_ creates: Int = 1, _ accepted: Int = 1) -> Outcome {
        Outcome(
            verdict: "accepted", state: "running", response: Response(status: 200, shouldRetry: "false"),
            counts: Counts(creates: creates, accepted: accepted))
    }

    /// The client gets the status of the provider if it can correct the job.
    static func refused(_ status: Int) -> Outcome {
        Outcome(
            verdict: "refused", state: "failed",
            response: Response(status: status, code: "provider_refused", shouldRetry: "false"),
            counts: Counts(creates: 1, accepted: 0))
    }

    static func unknown(_ creates: Int, accepted: Int) -> Outcome {
        Outcome(
            verdict: "unknown", state: "uncertain",
            response: Response(status: 504, code: "outcome_unknown", shouldRetry: "false"),
            counts: Counts(creates: creates, accepted: accepted))
    }

    static func notAccepted(_ code: String) -> Outcome {
        Outcome(
            verdict: "not accepted", state: "queued",
            response: Response(status: 503, code: code, shouldRetry: "false", hasRetryAfter: true),
            counts: Counts(creates: 1, accepted: 0), afterRecovery: Counts(creates: 2, accepted: 1))
    }

    /// "Too many requests" is ordinary queueing: the response is a waiting task.
    static let rateLimited = Outcome(
        verdict: "not accepted", state: "queued", response: Response(status: 200, shouldRetry: "false"),
        counts: Counts(creates: 1, accepted: 0), afterRecovery: Counts(creates: 2, accepted: 1))

    static let notSent = Outcome(
        verdict: "not sent", state: "queued",
        response: Response(
            status: 503, code: "provider_unreachable", shouldRetry: "false", hasRetryAfter: true),
        counts: Counts(creates: 0, accepted: 0), afterRecovery: Counts(creates: 1, accepted: 1))
}
