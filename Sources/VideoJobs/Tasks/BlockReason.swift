/// The reason why a queued task cannot be sent, as of its last attempt.
package enum BlockReason: String, CaseIterable, Sendable {
    case providerUnreachable = "provider_unreachable"
    case credentialsRejected = "provider_credentials_rejected"
    case quotaExhausted = "provider_quota_exhausted"
    case rateLimited = "rate_limited"
    /// The archive has no space for another result. The job was not sent.
    case archiveUnavailable = "archive_unavailable"
}
