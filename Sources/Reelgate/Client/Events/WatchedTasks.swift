import GatewayProtocol

/// The tasks of an event stream, as far as they are shown.
struct WatchedTasks: Sendable {
    /// Tasks that are kept; beyond them those that ended first are forgotten.
    static let countMax = 1_000

    /// The only state that is shown; `nil` for all.
    let state: String?
    /// Whether an event was received, so that it is known which tasks there are.
    private(set) var hasBegun = false
    private var tasks: [String: TaskReport] = [:]
    /// The tasks before the latest snapshot, which may bring them once more.
    private var earlier: [String: TaskReport] = [:]

    init(state: String? = nil) { self.state = state }

    /// Receives an event. Returns its task if that is shown and has changed.
    mutating func receive(_ event: ServerSentEventParser.Event) throws -> TaskReport? {
        hasBegun = true
        if event.name == Self.resetName {
            // A snapshot follows.
            (earlier, tasks) = (tasks, [:])
            return nil
        }
        guard let report = try TaskReport(event) else { return nil }
        // Compared here, and not by the gateway, so that a task that leaves the state disappears.
        guard state == nil || report.state == state else {
            tasks[report.id] = nil
            return nil
        }
        let known = tasks.updateValue(report, forKey: report.id) ?? earlier.removeValue(forKey: report.id)
        if tasks.count > Self.countMax, let last = inOrder.last { tasks[last.id] = nil }
        return known == report ? nil : report
    }

    /// First those that can change, newest first, then the ended ones, latest first.
    var inOrder: [TaskReport] {
        tasks.values.sorted { one, other in
            if one.canChange != other.canChange { return one.canChange }
            return one.canChange
                ? (one.created, one.id) > (other.created, other.id)
                : (one.updated, one.id) > (other.updated, other.id)
        }
    }

    /// How many tasks are in each state, most first.
    var summary: String {
        guard hasBegun else { return "Asking the gateway." }
        guard !tasks.isEmpty else { return "No tasks." }
        let counts = Dictionary(grouping: tasks.values, by: \.state).mapValues(\.count)
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }

    private static let resetName = "reset"
}

extension TaskReport {
    /// Whether it is open, or an operator has to settle it.
    fileprivate var canChange: Bool { isOpen || isUncertain }
}
