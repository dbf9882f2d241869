/// The tasks of the simulated provider by ID; the oldest is removed at the limit.
struct SimulatedTasks: Sendable {
    private let limits: SimulatorLimits
    private var byID: [String: SimulatedTask] = [:]
    private var order = BoundedQueue<String>()
    private(set) var forgotten = 0

    init(_ limits: SimulatorLimits) { self.limits = limits }

    var count: Int { byID.count }

    /// Returns the task with an ID.
    subscript(id: String) -> SimulatedTask? { byID[id] }

    /// Adds a task and removes the oldest ones over the limit.
    mutating func add(_ task: SimulatedTask) {
        byID[task.id] = task
        order.append(task.id)
        while order.count > limits.tasks, let oldest = order.popFirst() {
            byID[oldest] = nil
            forgotten += 1
        }
    }

    /// Changes the task with an ID, if it exists.
    mutating func change(_ id: String, _ body: (inout SimulatedTask) -> Void) {
        guard let index = byID.index(forKey: id) else { return }
        body(&byID.values[index])
    }
}
