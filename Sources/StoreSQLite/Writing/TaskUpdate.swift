import VideoJobs

/// The `UPDATE` from one record of a task to the next. It names only the columns that differ, so that no
/// other index is written.
struct TaskUpdate: Hashable {
    /// All columns that a change may set.
    static let whole = TaskUpdate(bits: TaskColumn.mutable.reduce(0) { $0 | bit(of: $1) })

    private let bits: UInt64

    private init(bits: UInt64) { self.bits = bits }

    init(from before: TaskRecord, to after: TaskRecord) {
        var bits: UInt64 = 0
        for column in TaskColumn.mutable where column.differs(before, after) { bits |= Self.bit(of: column) }
        self.bits = bits
    }

    /// In the order of the statement's first parameters; the row, the version and the state before follow.
    var columns: [TaskColumn] { TaskColumn.mutable.filter { bits & Self.bit(of: $0) != 0 } }

    var sql: String {
        """
        UPDATE tasks SET \(columns.map { "\($0.name) = ?" }.joined(separator: ", "))
        WHERE sequence = ? AND version = ? AND state = ?
        """
    }

    private static func bit(of column: TaskColumn) -> UInt64 { 1 << UInt64(column.rawValue) }
}
