import VideoJobs

/// The columns of `tasks` but for `sequence`, in the order in which every statement names them.
enum TaskColumn: Int, CaseIterable {
    case id, created, model, client, estimatedSeconds, state, status, version, updated, progress
    case providerStatus, providerTaskId, attempts, archiveFailures, obstacle, links, results
    case contentExpires, contentRemoved, failureCode, failureMessage, failureStatus, evidence, usage
    case graceDeadline, blockMessage, price, priceState, earlierPrice, review, reviewNote
    case resubmitted, earlierSubmitted, prompt, resolution, accepted, completed, slow, contentBytes, fetched,
        removalWarned, deprecation, trace

    /// The case's name in SQL's spelling, `provider_task_id`, or the older name that stores have.
    var name: String { Self.names[rawValue] }

    // Kept, as spelling one reads the type's metadata.
    private static let names = allCases.map(\.spelling)

    private var spelling: String {
        if self == .graceDeadline { return "late_until" }
        if self == .blockMessage { return "obstacle_message" }
        return "\(self)".reduce(into: "") { $0 += $1.isUppercase ? "_\($1.lowercased())" : "\($1)" }
    }

    /// For `SELECT` and `INSERT`.
    static let list = allCases.map(\.name).joined(separator: ", ")
    static let placeholders = allCases.map { _ in "?" }.joined(separator: ", ")
    /// Those that a change may set.
    static let mutable = allCases.filter { !fixed.contains($0) }
    private static let fixed: Set<Self> = [
        .id, .created, .model, .client, .price, .prompt, .resolution, .deprecation, .trace,
    ]

    /// Whether the column holds other values for two records of one task.
    func differs(_ one: TaskRecord, _ other: TaskRecord) -> Bool {
        switch self {
        case .id, .created, .model, .client, .price, .prompt, .resolution, .deprecation, .trace: false
        case .estimatedSeconds: one.estimatedSeconds != other.estimatedSeconds
        case .state: one.state != other.state
        case .status: one.status != other.status
        case .version: one.version != other.version
        case .updated: one.updated != other.updated
        case .progress: one.progress != other.progress
        case .providerStatus: one.providerStatus != other.providerStatus
        case .providerTaskId: one.providerTaskID != other.providerTaskID
        case .attempts: one.attempts != other.attempts
        case .archiveFailures: one.archiveFailures != other.archiveFailures
        case .obstacle: one.blockReason != other.blockReason
        case .links: one.links != other.links
        case .results, .contentBytes: one.results != other.results
        case .contentExpires: one.contentExpires != other.contentExpires
        case .fetched: one.fetched != other.fetched
        case .removalWarned: one.removalWarned != other.removalWarned
        case .contentRemoved: one.contentRemoved != other.contentRemoved
        case .failureCode, .failureMessage, .failureStatus: one.failure != other.failure
        case .evidence: one.evidence != other.evidence
        case .usage: one.usage != other.usage
        case .graceDeadline: one.graceDeadline != other.graceDeadline
        case .blockMessage: one.blockMessage != other.blockMessage
        case .priceState: one.priceState != other.priceState
        case .earlierPrice: one.earlierPrice != other.earlierPrice
        case .review, .reviewNote: one.review != other.review
        case .resubmitted: one.resubmitted != other.resubmitted
        case .earlierSubmitted: one.earlierSubmitted != other.earlierSubmitted
        case .accepted: one.accepted != other.accepted
        case .completed: one.completed != other.completed
        case .slow: one.isSlow != other.isSlow
        }
    }
}

extension String {
    /// The text with U+FFFD for each NUL: GRDB binds text up to its first NUL.
    var withoutNUL: String {
        utf8.contains(0) ? String(map { $0 == "\0" ? "\u{FFFD}" : $0 }) : self
    }
}
