/// An error code of the HTTP API, the member `error.code` of every problem response.
///
/// `ProblemDefinition.table` holds what each code means, once, for the API, the command line and the
/// documentation. A code that is published keeps its name and its meaning.
package enum ProblemCode: String, CaseIterable, Hashable, Sendable {
    // The request as HTTP and JSON.
    case badRequest = "bad_request"
    case malformedJSON = "malformed_json"
    case tlsRequired = "tls_required"
    case requestTimeout = "request_timeout"
    case preconditionFailed = "precondition_failed"
    case bodyTooLarge = "body_too_large"
    case targetTooLong = "target_too_long"
    case unsupportedMediaType = "unsupported_media_type"
    case rangeNotSatisfiable = "range_not_satisfiable"
    case expectationFailed = "expectation_failed"
    case misdirectedRequest = "misdirected_request"
    case headersTooLarge = "headers_too_large"
    case notImplemented = "not_implemented"

    // Access and routing.
    case unauthorized
    case forbidden
    case modelNotAllowed = "model_not_allowed"
    case hostNotAllowed = "host_not_allowed"
    case crossSite = "cross_site"
    case notFound = "not_found"
    case methodNotAllowed = "method_not_allowed"

    // The job.
    case invalidParameters = "invalid_parameters"
    case unknownModel = "unknown_model"
    case modelRetired = "model_retired"
    case callbackNotAllowed = "callback_not_allowed"
    case idempotencyKeyReused = "idempotency_key_reused"
    case providerRefused = "provider_refused"
    case outcomeUnknown = "outcome_unknown"

    // The task.
    case notReady = "not_ready"
    case cannotCancel = "cannot_cancel"
    case expired
    case notUncertain = "not_uncertain"
    case providerTaskTaken = "provider_task_taken"
    case unknownProviderTask = "unknown_provider_task"

    // The clients.
    case clientExists = "client_exists"
    case tooManyClients = "too_many_clients"

    // Money.
    case budgetExhausted = "budget_exhausted"
    case spendCeiling = "spend_ceiling"

    // The gateway and the provider account.
    case notPaused = "not_paused"
    case tooManyTasks = "too_many_tasks"
    case tooManyConnections = "too_many_connections"
    case tooManyStreams = "too_many_streams"
    case tooManyBodies = "too_many_bodies"
    case providerCredentialsRejected = "provider_credentials_rejected"
    case providerQuotaExhausted = "provider_quota_exhausted"
    case providerUnreachable = "provider_unreachable"
    case rateLimited = "rate_limited"
    case starting
    case shuttingDown = "shutting_down"
    case storeUnavailable = "store_unavailable"
    case storeRestored = "store_restored"
    case archiveUnavailable = "archive_unavailable"
    case internalError = "internal_error"
}

extension ProblemCode {
    /// What the code means. Traps if the table has no row for it, which a test excludes.
    package var definition: ProblemDefinition {
        guard let definition = ProblemDefinition.table[self] else {
            preconditionFailure("the table has no row for \(rawValue)")
        }
        return definition
    }

    /// The HTTP status. A response may carry another one: `provider_refused` keeps the provider's 4xx.
    package var status: Int { definition.status }

    /// Returns one sentence on what to do, for the person at the command line.
    ///
    /// - Parameters:
    ///   - task: The task that the request created or named.
    ///   - retryAfter: The response's `Retry-After`, in seconds.
    package func remedy(task: String? = nil, retryAfter: Int? = nil) -> String {
        if let task, status == 503, self != .storeRestored {
            return "The job is kept and will be sent; wait for it with reelgate tasks wait \(task)"
        }
        let seconds = retryAfter ?? definition.retry.seconds ?? Self.fallbackSeconds
        let sentence = definition.remedy
            .replacing("WAIT", with: WaitText.text(seconds: seconds)).replacing("TASK_ID", with: task ?? "ID")
        guard let task, !sentence.contains(task) else { return sentence }
        return "\(sentence) See reelgate tasks show \(task)"
    }

    private static let fallbackSeconds = 10
}
