import VideoJobs

/// What a line of the audit records. The raw values are stored and sent.
package enum AuditAction: String, CaseIterable, Sendable {
    /// A job was sent to the gateway.
    case submit
    case cancel
    case adopt
    case dismiss
    case resubmit
    case review
    /// A webhook was sent again.
    case redeliver
    case clientAdd = "client_add"
    case clientSet = "client_set"
    case clientRotate = "client_rotate"
    case clientRevoke = "client_revoke"
    /// A browser exchanged a token for a session, or signed out.
    case sessionOpen = "session_open"
    case sessionClose = "session_close"
    /// The spend ceilings were replaced by those of a reloaded configuration.
    case spendSet = "spend_set"
    /// A pause of submission was ended.
    case resume
    /// The provider's key was read again.
    case keyReload = "key_reload"
    /// A backup of the store was begun.
    case backup
    /// The store was restored from a backup.
    case restore
}

extension TaskLifecycle.Settlement {
    var auditAction: AuditAction {
        switch self {
        case .adopt: .adopt
        case .dismiss: .dismiss
        case .resubmit: .resubmit
        }
    }
}
