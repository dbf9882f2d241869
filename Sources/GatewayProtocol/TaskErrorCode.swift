/// A code in a failed task's member `error.code`.
///
/// The list holds the codes that the gateway sets itself, and those of the provider that call for a
/// particular remedy. A task may carry any other code of the provider.
package enum TaskErrorCode: String, CaseIterable, Sendable {
    // Set by the gateway.
    case outcomeUnknown = "outcome_unknown"
    case providerRefused = "provider_refused"
    case dismissed
    case generationTimeout = "generation_timeout"
    case resultLost = "result_lost"
    case resourceNotFound = "resource_not_found"
    case requestCancelled = "request_cancelled"
    case jobLost = "job_lost"
    case unknownError = "unknown_error"

    // Set by the provider.
    case contentPolicyViolation = "content_policy_violation"
    case invalidParameters = "invalid_parameters"
    case imageProcessingError = "image_processing_error"
    case imageDimensionMismatch = "image_dimension_mismatch"

    /// Returns one sentence on what to do about a task that failed with this code.
    ///
    /// - Parameter code: Any code, also one that is not listed.
    package static func remedy(for code: String?, task: String) -> String {
        switch code.flatMap(TaskErrorCode.init) {
        case .outcomeUnknown:
            "Do not send the job again: it may run and be billed. How to settle it: "
                + "reelgate tasks show \(task)"
        case .dismissed:
            "It was settled by hand as never billed; send the job again if it is still wanted."
        case .contentPolicyViolation, .invalidParameters, .imageProcessingError, .imageDimensionMismatch:
            "Change the job before you send it again; a failed task counts as not billed."
        case .providerRefused, .generationTimeout, .resultLost, .resourceNotFound, .requestCancelled,
            .jobLost, .unknownError, nil:
            "Send the job again later; a failed task counts as not billed."
        }
    }
}
