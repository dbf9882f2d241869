/// Where a task stands; the contract's `gateway.state`.
package enum TaskState: String, CaseIterable, Sendable {
    case queued, sending, running, archiving, completed, failed, uncertain, cancelled

    /// Whether work remains to be done for it.
    package var isOpen: Bool {
        switch self {
        case .queued, .sending, .running, .archiving: true
        case .completed, .failed, .uncertain, .cancelled: false
        }
    }

    /// Whether it occupies one of the account's places (contract, `provider.max_in_flight`).
    package var isInFlight: Bool {
        switch self {
        case .sending, .running: true
        case .queued, .archiving, .completed, .failed, .uncertain, .cancelled: false
        }
    }
}

/// The provider's vocabulary; the contract's `status`.
package enum TaskStatus: String, CaseIterable, Sendable {
    case pending, processing, completed, failed, cancelled
}

/// Why a task ended without a video, in words for its client.
package struct FailureReason: Equatable, Sendable {
    /// The provider's code, or ours: `outcome_unknown`, `provider_refused`, `generation_timeout`,
    /// `result_lost`.
    package var code: String
    package var message: String
    /// The provider's HTTP status where it refused the job, so that a refusal can keep its 4xx.
    package var httpStatus: Int?

    package init(code: String, message: String, httpStatus: Int? = nil) {
        self.code = code
        self.message = message
        self.httpStatus = httpStatus
    }
}

/// What keeps a queued task from being sent, as last seen.
package enum BlockReason: String, Sendable {
    case providerUnreachable = "provider_unreachable"
    case credentialsRejected = "provider_credentials_rejected"
    case quotaExhausted = "provider_quota_exhausted"
    case rateLimited = "rate_limited"
}

/// A finished result in our archive: a video, or a picture that came with one.
package struct ArchivedResult: Equatable, Sendable {
    /// What its first bytes show, whatever the provider called it.
    package var contentType: String
    package var bytes: Int64
    /// Lower-case hexadecimal.
    package var sha256: String
    /// False for media that came twice with these bytes and whose structure is not whole, and for what was
    /// not to be verified.
    package var verified: Bool
    /// The place of its link among the provider's, which names its file in the archive.
    package var fileIndex: Int

    package init(
        contentType: String, bytes: Int64, sha256: String, verified: Bool = true, fileIndex: Int = 0
    ) {
        self.contentType = contentType
        self.bytes = bytes
        self.sha256 = sha256
        self.verified = verified
        self.fileIndex = fileIndex
    }
}

/// Everything that is known of one task: a row of the store.
package struct TaskRecord: Equatable, Sendable {
    package let id: TaskID
    package let created: Timestamp
    package let model: String
    package let client: String
    /// Seconds the provider or the catalog expects; shown as `task_info.estimated_time`.
    package var estimatedSeconds: Int?

    package var state: TaskState
    /// Counts every durable change, from 1. The store saves a record only over the version before it.
    package var version: Int
    package var updated: Timestamp
    /// 0…100, never falling while the task is open.
    package var progress: Int
    /// The provider's last word of an open task: pending or processing.
    package var providerStatus: TaskStatus
    package var providerTaskID: ProviderTaskID?
    /// How often a POST was begun.
    package var attempts: Int
    /// How often copying the video failed.
    package var archiveFailures: Int
    package var blockReason: BlockReason?
    /// What the provider said with it.
    package var blockMessage: String?
    /// The provider's result links, in order. They may hold signatures: never log or show them.
    package var links: [String]
    package var results: [ArchivedResult]
    package var contentExpires: Timestamp?
    /// Whether retention has removed the content.
    package var contentRemoved: Bool
    package var failure: FailureReason?
    /// What is known of the last POST whose outcome is not, for whoever has to settle it.
    package var evidence: SubmissionEvidence?
    /// Until when a task that was given up on is still asked about, or a missing result of a completed one
    /// is still tried for; `nil` if neither.
    package var graceDeadline: Timestamp?
    /// The provider's `usage` object as JSON text, if it sent one.
    package var usage: String?

    /// A task that was just admitted.
    package init(id: TaskID, job: VideoJob, client: String, created: Timestamp) {
        self.id = id
        self.created = created
        self.model = job.model
        self.client = client
        self.estimatedSeconds = job.estimatedSeconds
        self.state = .queued
        self.version = 1
        self.updated = created
        self.progress = 0
        self.providerStatus = .pending
        self.attempts = 0
        self.archiveFailures = 0
        self.links = []
        self.results = []
        self.contentRemoved = false
    }

    /// A row as a store reads it back; it then sets the rest.
    package init(
        id: TaskID, created: Timestamp, model: String, client: String, state: TaskState, version: Int
    ) {
        self.init(id: id, job: VideoJob(model: model, payload: []), client: client, created: created)
        self.state = state
        self.version = version
    }

    /// Whether the gateway still does something for it: it is open, given up on and still asked about, or
    /// completed but for a result.
    package var hasWorkLeft: Bool { state.isOpen || graceDeadline != nil }

    /// The status word that a client sees.
    package var status: TaskStatus {
        switch state {
        case .queued, .sending: .pending
        case .running: providerStatus
        case .archiving: .processing
        case .completed: .completed
        case .failed, .uncertain: .failed
        case .cancelled: .cancelled
        }
    }
}
