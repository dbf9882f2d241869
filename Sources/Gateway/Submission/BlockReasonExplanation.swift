package import VideoJobs

extension BlockReason {
    /// The cause of the block and who can remove it.
    package var explanation: String {
        switch self {
        case .providerUnreachable:
            "the provider cannot be reached or loses replies; jobs wait and go through when it is back"
        case .credentialsRejected:
            "the provider rejects the gateway's key; its operator has to replace the key; jobs wait"
        case .quotaExhausted: "the provider account has no quota left; its owner has to add some; jobs wait"
        case .archiveUnavailable:
            "the archive has no space for another result; jobs wait and go through when there is space again"
        case .rateLimited: "the provider asks to wait; jobs wait and go through by themselves"
        }
    }
}
