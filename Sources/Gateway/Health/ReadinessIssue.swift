/// A lasting reason why jobs do not get through, for `/readyz` and 503 responses.
package struct ReadinessIssue: Equatable, Sendable {
    /// The contract's code: `provider_credentials_rejected`, `provider_quota_exhausted`,
    /// `provider_unreachable`, `store_unavailable`, `store_restored`, `archive_unavailable`,
    /// `shutting_down`, `spend_ceiling`, `model_missing`.
    package var code: String
    package var message: String
    package var retryAfterSeconds: Int
    /// Whether queued jobs are not sent because of it.
    package var holdsJobs: Bool

    package init(code: String, message: String, retryAfterSeconds: Int, holdsJobs: Bool = false) {
        self.holdsJobs = holdsJobs
        self.code = code
        self.message = message
        self.retryAfterSeconds = retryAfterSeconds
    }
}
