/// The meaning of one error code.
package struct ProblemDefinition: Equatable, Sendable {
    /// The HTTP status.
    package let status: Int
    /// When the code occurs, as a phrase for the documentation. (The `title` of a response is the reason
    /// phrase of its status, because its `type` is `about:blank`: RFC 9457 §4.2.1.)
    package let title: String
    /// When the request may be sent again.
    package let retry: RetryAdvice
    /// What to do, as one sentence. `TASK_ID` and `WAIT` stand for the task and for `Retry-After`.
    package let remedy: String

    init(_ status: Int, _ title: String, _ retry: RetryAdvice, _ remedy: String) {
        self.status = status
        self.title = title
        self.retry = retry
        self.remedy = remedy
    }
}

extension ProblemDefinition {
    /// One row for each code.
    package static let table: [ProblemCode: ProblemDefinition] =
        requests
        .merging(jobs) { row, _ in row }.merging(tasks) { row, _ in row }.merging(gateway) { row, _ in row }

    private static let requests: [ProblemCode: ProblemDefinition] = [
        .badRequest: ProblemDefinition(
            400, "The request breaks a rule of HTTP, or has a bad query parameter or header field",
            .afterChange, "Correct the request; reelgate help lists what each command accepts."),
        .malformedJSON: ProblemDefinition(
            400, "The body is not strict JSON", .afterChange, correctJob),
        .tlsRequired: ProblemDefinition(
            400, "A plaintext request arrived on a TLS port", .afterChange, "Use an https:// address."),
        .requestTimeout: ProblemDefinition(
            408, "The request did not arrive in time", .later(seconds: nil), "Send the request again."),
        .preconditionFailed: ProblemDefinition(
            412, "The entity tag in If-Match is not the current one", .afterChange,
            "Fetch the current version, or leave out If-Match."),
        .bodyTooLarge: ProblemDefinition(
            413, "The body is larger than the limit", .afterChange, correctJob),
        .targetTooLong: ProblemDefinition(
            414, "The request target is longer than the limit", .afterChange, "Use a shorter address."),
        .unsupportedMediaType: ProblemDefinition(
            415, "The body is not sent as JSON, or is compressed", .afterChange, correctJob),
        .rangeNotSatisfiable: ProblemDefinition(
            416, "The range lies outside the video", .afterChange,
            "Request a range within the length of the video."),
        .expectationFailed: ProblemDefinition(
            417, "Expect has a value other than 100-continue", .afterChange, "Leave out Expect."),
        .misdirectedRequest: ProblemDefinition(
            421, "An https target arrived on a connection without TLS", .afterChange,
            "Send requests for https targets over TLS."),
        .headersTooLarge: ProblemDefinition(
            431, "The header section is larger than the limit", .afterChange,
            "Send fewer or shorter header fields."),
        .notImplemented: ProblemDefinition(
            501, "Transfer-Encoding names a coding other than chunked", .afterChange,
            "Use no transfer coding but chunked."),
        .unauthorized: ProblemDefinition(
            401, "The request has no valid token", .afterChange,
            "Set REELGATE_TOKEN, or give --token-file. An operator gives a new client its token with "
                + "reelgate clients add, and a known one another with reelgate clients rotate."),
        .forbidden: ProblemDefinition(
            403, "Only an operator may do this", .afterChange,
            "Use the token of an operator, or the operator socket."),
        .modelNotAllowed: ProblemDefinition(
            403, "The client may not use the model", .afterChange,
            "Choose another model. An operator can allow it: reelgate clients set NAME --model ID; "
                + "a client with a budget also needs its price in the catalog."),
        .hostNotAllowed: ProblemDefinition(
            403, "Host names another host", .afterChange,
            "Use an address that the gateway listens on, or add this name to its allowed_hosts."),
        .crossSite: ProblemDefinition(
            403, "A page of another site sent the request", .afterChange,
            "Call the gateway from a program or from a page of its own origin."),
        .notFound: ProblemDefinition(
            404, "There is no such endpoint, task, video or model", .afterChange,
            "reelgate tasks list shows the existing tasks."),
        .methodNotAllowed: ProblemDefinition(
            405, "The endpoint does not support the method", .afterChange,
            "Use a method that the Allow field lists."),
    ]

    private static let jobs: [ProblemCode: ProblemDefinition] = [
        .invalidParameters: ProblemDefinition(
            422, "The body breaks a rule; errors lists every violation", .afterChange, correctJob),
        .unknownModel: ProblemDefinition(
            422, "The catalog has no such model", .afterChange, correctJob),
        .modelRetired: ProblemDefinition(
            422, "The model accepts no new jobs: it is retired, or the provider no longer lists it",
            .afterChange, "Use its successor; GET /v1/models names it. Nothing was bought."),
        .callbackNotAllowed: ProblemDefinition(
            422, "The gateway sends no webhook to the callback_url", .afterChange,
            "Leave callback_url out. An operator can allow its host: webhooks.allow and "
                + "webhooks.secret_files in the configuration."),
        .idempotencyKeyReused: ProblemDefinition(
            422, "The Idempotency-Key was used for another job", .afterChange,
            "Leave --idempotency-key out, or give a fresh one, to send another job."),
        .providerRefused: ProblemDefinition(
            502, "The provider refused the job; 400, 413, 415 and 422 keep the provider's status",
            .afterChange, correctJob),
        .outcomeUnknown: ProblemDefinition(
            504, "The provider's reply was lost", .afterSettlement,
            "Do not send the job again: it may be running and billed."),
    ]

    private static let tasks: [ProblemCode: ProblemDefinition] = [
        .notReady: ProblemDefinition(
            409, "The task has no video, or none yet", .later(seconds: 5),
            "Wait for its end with reelgate tasks wait TASK_ID"),
        .cannotCancel: ProblemDefinition(
            409, "The job was sent already, or the task has ended", .afterChange,
            "A job that was sent runs to its end. See it with reelgate tasks show TASK_ID"),
        .expired: ProblemDefinition(
            410, "The video was removed: its retention time is over, or the archive needed the space",
            .afterChange,
            "The gateway keeps videos for the time in its archive.keep, and within archive.max_bytes."),
        .notUncertain: ProblemDefinition(
            409, "Only an uncertain task can be settled", .afterChange,
            "reelgate tasks list --state uncertain shows the tasks that can be settled."),
        .providerTaskTaken: ProblemDefinition(
            409, "The provider task belongs to another task", .afterChange,
            "Look at the id again: it must be the id that the provider gave to this job."),
        .unknownProviderTask: ProblemDefinition(
            422, "The provider does not know the task", .afterChange,
            "Look at the id again. If the provider never had the job, use reelgate tasks dismiss."),
    ]

    private static let gateway: [ProblemCode: ProblemDefinition] = [
        .clientExists: ProblemDefinition(
            409, "A client with this name exists", .afterChange,
            "Choose another name, or change the client: reelgate clients set, or rotate for a new token."),
        .tooManyClients: ProblemDefinition(
            409, "The limit of clients is reached", .afterChange,
            "Use the existing clients; a name is kept as long as its tasks."),
        .notPaused: ProblemDefinition(
            409, "Submission is not paused", .afterChange, "GET /readyz says what else blocks submission."),
        .budgetExhausted: ProblemDefinition(
            402, "The budget of the client does not allow for the price of the job", .later(seconds: nil),
            "Nothing was bought. Send a cheaper job, wait for the next period, or ask an operator for "
                + "more: reelgate clients set NAME --budget-usd N --per day or month"),
        .spendCeiling: ProblemDefinition(
            402, "A spend ceiling of the gateway does not allow for the price of the job",
            .later(seconds: nil),
            "Nothing was bought. An operator can change spend in the configuration; a ceiling of the "
                + "day can also count anew: reelgate resume --spend"),
        .tooManyTasks: ProblemDefinition(
            429, "The queue is full, or the client has reached its limit of tasks", .later(seconds: 30),
            tryAgain),
        .tooManyConnections: ProblemDefinition(
            503, "The connection limit is reached", .later(seconds: 5), tryAgain),
        .tooManyStreams: ProblemDefinition(
            503, "The limit of event streams and waiting requests is reached", .later(seconds: 5), tryAgain),
        .tooManyBodies: ProblemDefinition(
            503, "The limit on bodies in memory is reached", .later(seconds: 5), tryAgain),
        .providerCredentialsRejected: ProblemDefinition(
            503, "The provider rejects the gateway's key", .later(seconds: 30),
            "Check the gateway's provider key. Try again in WAIT."),
        .providerQuotaExhausted: ProblemDefinition(
            503, "The provider account has no quota left", .later(seconds: 30),
            "Check the provider account. Try again in WAIT."),
        .providerUnreachable: ProblemDefinition(
            503, "The provider cannot be reached", .later(seconds: 30), tryAgain),
        .rateLimited: ProblemDefinition(
            429, "The client's requests per minute are used; 503: the provider limits the request rate",
            .later(seconds: 30), tryAgain),
        .starting: ProblemDefinition(503, "The gateway is starting", .later(seconds: 1), tryAgain),
        .shuttingDown: ProblemDefinition(503, "The gateway is shutting down", .later(seconds: 10), tryAgain),
        .storeUnavailable: ProblemDefinition(
            503, "The task store fails", .later(seconds: 10),
            "Try again in WAIT; the gateway's log says why its store fails."),
        .storeRestored: ProblemDefinition(
            503, "The store was restored from a backup, so submission is paused", .later(seconds: 30),
            "Settle its uncertain tasks, then run reelgate resume --older-store."),
        .archiveUnavailable: ProblemDefinition(
            503, "The archive cannot be used, or has no space for another result", .later(seconds: 10),
            "Try again in WAIT; the gateway's log says what its archive lacks."),
        .internalError: ProblemDefinition(
            500, "The gateway failed", .later(seconds: nil), "The gateway's log says more."),
    ]

    private static let correctJob = "Correct the job and send it again; nothing was bought."
    private static let tryAgain = "Try again in WAIT."
}
