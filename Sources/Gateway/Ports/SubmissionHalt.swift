import VideoJobs

/// A halt of all submissions that lasts until a person does something.
package enum SubmissionHalt: String, CaseIterable, Sendable {
    /// The provider rejects the key.
    case credentials
    /// The provider's account has no quota left.
    case quota
    /// The store was restored from a backup.
    case olderStore
    /// The spend ceiling of the day refuses jobs.
    case spend

    /// The halt that a block of submissions is; `nil` for a block that ends by itself.
    init?(_ block: BlockReason) {
        switch block {
        case .credentialsRejected: self = .credentials
        case .quotaExhausted: self = .quota
        case .providerUnreachable, .rateLimited, .archiveUnavailable: return nil
        }
    }

    /// The cause, and who can end it.
    package var explanation: String {
        switch self {
        case .credentials: BlockReason.credentialsRejected.explanation
        case .quota: BlockReason.quotaExhausted.explanation
        case .olderStore: RestoredStore.issue.message
        case .spend:
            "jobs are refused because of the spend ceiling of the day; they are taken again on the next day "
                + "(UTC), or after reelgate resume --spend"
        }
    }

    /// The subject of its mark.
    var subject: String { "paused \(rawValue)" }
}
