import Gateway
import GRDB
import VideoJobs

/// The statement of a listing, in an order that an index has already.
///
/// Tasks that have ended are indexed by status. The others are few: a listing of an open status or state
/// reads all tasks with work left.
struct TaskListing {
    let sql: String
    let arguments: [(any DatabaseValueConvertible)?]

    /// An unknown `after` compares with NULL and finds nothing.
    init(_ query: TaskQuery, limit: Int) {
        var conditions = query.status.map { ["status = '\($0.rawValue)'"] } ?? []
        conditions += query.state.map(Self.conditions) ?? []
        let filters: [(sql: String, value: String?)] = [
            ("client = ?", query.client), ("model = ?", query.model),
            ("sequence < (SELECT sequence FROM tasks WHERE id = ?)", query.after?.text),
        ]
        let asked = filters.filter { $0.value != nil }
        conditions += asked.map(\.sql)
        var index = ""
        if query.isOfOpenTasks {
            index = "INDEXED BY tasks_with_work"
            conditions.insert("(\(StoreSchema.hasWork))", at: 0)
        }
        let condition = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        sql = "SELECT \(TaskColumn.list) FROM tasks \(index) \(condition) ORDER BY sequence DESC LIMIT ?"
        arguments = asked.map(\.value) + [limit]
    }

    /// Literal, so that SQLite sees which partial index holds the state.
    private static func conditions(for state: TaskState) -> [String] {
        let condition = "state = '\(state.rawValue)'"
        return switch state {
        case .queued, .sending, .running, .archiving, .uncertain: [condition]
        case .failed: [condition, "status = 'failed'"]
        case .completed: [condition, "status = 'completed'"]
        case .cancelled: [condition, "status = 'cancelled'"]
        }
    }
}

extension TaskQuery {
    /// Whether all tasks that it can find have work left.
    fileprivate var isOfOpenTasks: Bool { state?.isOpen == true || status?.isOpen == true }
}

extension TaskStatus {
    fileprivate var isOpen: Bool {
        switch self {
        case .pending, .processing: true
        case .completed, .failed, .cancelled: false
        }
    }
}
