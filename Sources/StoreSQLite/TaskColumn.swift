import GRDB
import VideoJobs

/// The columns of `tasks` but for `sequence`, in the order in which every statement names them.
enum TaskColumn: Int, CaseIterable {
    case id, created, model, client, estimatedSeconds, state, status, version, updated, progress
    case providerStatus, providerTaskId, attempts, archiveFailures, obstacle, links, results
    case contentExpires, contentRemoved, failureCode, failureMessage, failureStatus, evidence, usage

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
    func value(of record: TaskRecord) -> DatabaseValue {
        switch self {
        case .id: record.id.text.databaseValue
        case .created: record.created.milliseconds.databaseValue
        case .model: record.model.databaseValue
        case .client: record.client.databaseValue
        case .estimatedSeconds: record.estimatedSeconds.stored
        case .state: record.state.rawValue.databaseValue
        // Stored although it follows from other columns: listings filter by it.
        case .status: record.status.rawValue.databaseValue
        case .version: record.version.databaseValue
        case .updated: record.updated.milliseconds.databaseValue
        case .progress: record.progress.databaseValue
        case .providerStatus: record.providerStatus.rawValue.databaseValue
        case .providerTaskId: (record.providerTaskID?.text.words).stored
        case .attempts: record.attempts.databaseValue
        case .archiveFailures: record.archiveFailures.databaseValue
        case .obstacle: (record.obstacle?.rawValue).stored
        case .links: StoredList.text(of: record.links).stored
        case .results: StoredList.text(of: record.results.map(StoredResult.init)).stored
        case .contentExpires: (record.contentExpires?.milliseconds).stored
        case .contentRemoved: record.contentRemoved.databaseValue
        case .failureCode: (record.failure?.code.words).stored
        case .failureMessage: (record.failure?.message.words).stored
        case .failureStatus: (record.failure?.httpStatus).stored
        case .evidence: (record.evidence?.words).stored
        case .usage: (record.usage?.words).stored
        }
    }
}

extension Optional where Wrapped: DatabaseValueConvertible {
    /// `NULL` for nothing.
    var stored: DatabaseValue { self?.databaseValue ?? .null }
}

extension String {
    /// Words from elsewhere as a text column can hold them: GRDB binds text up to its first NUL.
    var words: String {
        utf8.contains(0) ? String(map { $0 == "\0" ? "\u{FFFD}" : $0 }) : self
    }
}
