import GRDB
import VideoJobs

/// The columns of `tasks` but for `sequence`, in the order in which every statement names them.
enum TaskColumn: Int, CaseIterable {
    case id, created, model, client, estimatedSeconds, state, status, version, updated, progress
    case providerStatus, providerTaskId, attempts, archiveFailures, obstacle, links, results
    case contentExpires, contentRemoved, failureCode, failureMessage, failureStatus, evidence, usage
    case lateUntil

    /// The case's name in SQL's spelling: `provider_task_id`.
    var name: String {
        "\(self)".reduce(into: "") { $0 += $1.isUppercase ? "_\($1.lowercased())" : "\($1)" }
    }

    /// For `SELECT` and `INSERT`.
    static let list = allCases.map(\.name).joined(separator: ", ")
    static let placeholders = allCases.map { _ in "?" }.joined(separator: ", ")
    /// Those that a change may set.
    static let mutable = allCases.filter { ![.id, .created, .model, .client].contains($0) }

    /// What the column holds for a record.
    func value(of record: TaskRecord) -> (any DatabaseValueConvertible)? {
        switch self {
        case .id: record.id.text
        case .created: record.created.milliseconds
        case .model: record.model
        case .client: record.client
        case .estimatedSeconds: record.estimatedSeconds
        case .state: record.state.rawValue
        // Stored although it follows from other columns: listings filter by it.
        case .status: record.status.rawValue
        case .version: record.version
        case .updated: record.updated.milliseconds
        case .progress: record.progress
        case .providerStatus: record.providerStatus.rawValue
        case .providerTaskId: record.providerTaskID?.text.words
        case .attempts: record.attempts
        case .archiveFailures: record.archiveFailures
        case .obstacle: record.obstacle?.rawValue
        case .links: StoredList.text(of: record.links)
        case .results: StoredList.text(of: record.results.map(StoredResult.init))
        case .contentExpires: record.contentExpires?.milliseconds
        case .contentRemoved: record.contentRemoved
        case .failureCode: record.failure?.code.words
        case .failureMessage: record.failure?.message.words
        case .failureStatus: record.failure?.httpStatus
        case .evidence: record.evidence.map { StoredEvidence($0).text }
        case .usage: record.usage?.words
        case .lateUntil: record.lateUntil?.milliseconds
        }
    }
}

extension String {
    /// Words from elsewhere as a text column can hold them: GRDB binds text up to its first NUL.
    var words: String {
        utf8.contains(0) ? String(map { $0 == "\0" ? "\u{FFFD}" : $0 }) : self
    }
}
