import Synchronization
import VideoJobs

/// The `UPDATE` from one record of a task to the next. It names only the columns that differ, so that no
/// other index is written.
struct TaskUpdate {
    /// In the order of the statement's first arguments; the id, the version and the state before follow.
    let columns: [TaskColumn]
    let sql: String

    /// A task has about twenty kinds of change. Beyond this bound an update writes all columns.
    private static let knownMax = 64
    private static let known = Mutex<[UInt32: TaskUpdate]>([:])
    private static let whole = TaskUpdate(TaskColumn.mutable)

    private init(_ columns: [TaskColumn]) {
        self.columns = columns
        sql = """
            UPDATE tasks SET \(columns.map { "\($0.name) = ?" }.joined(separator: ", "))
            WHERE id = ? AND version = ? AND state = ?
            """
    }

    static func from(_ before: TaskRecord, to after: TaskRecord) -> TaskUpdate {
        var bits: UInt32 = 0
        for column in TaskColumn.mutable where column.differs(before, after) {
            bits |= 1 << UInt32(column.rawValue)
        }
        return known.withLock { known in
            if let update = known[bits] { return update }
            guard known.count < knownMax else { return whole }
            let update = TaskUpdate(TaskColumn.mutable.filter { bits & 1 << UInt32($0.rawValue) != 0 })
            known[bits] = update
            return update
        }
    }
}
