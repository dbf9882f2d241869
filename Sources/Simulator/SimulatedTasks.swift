/// The tasks that the provider remembers, by id; the oldest is forgotten when there are too many.
struct SimulatedTasks: Sendable {
    private let limits: SimulatorLimits
    private var byID: [String: SimulatedTask] = [:]
    private var order = BoundedQueue<String>()
    private(set) var forgotten = 0

    init(_ limits: SimulatorLimits) { self.limits = limits }

    var count: Int { byID.count }

    /// The task of this id.
    subscript(id: String) -> SimulatedTask? { byID[id] }

    mutating func add(_ task: SimulatedTask) {
        byID[task.id] = task
        order.append(task.id)
        while order.count > limits.tasks, let oldest = order.popFirst() {
            byID[oldest] = nil
            forgotten += 1
        }
    }

    /// Changes the task of this id, if there is one.
    mutating func change(_ id: String, _ body: (inout SimulatedTask) -> Void) {
        guard let place = byID.index(forKey: id) else { return }
        body(&byID.values[place])
    }
}

/// A first-in, first-out row whose front is cheap to drop.
struct BoundedQueue<Element: Sendable>: Sendable {
    private var storage: [Element?] = []
    private var head = 0

    var count: Int { storage.count - head }

    /// The elements from the oldest, without the first `skipped`.
    func dropFirst(_ skipped: Int = 0) -> some Sequence<Element> {
        storage[(head + min(max(0, skipped), count))...].lazy.compactMap(\.self)
    }

    mutating func append(_ element: Element) { storage.append(element) }

    mutating func popFirst() -> Element? {
        guard count > 0 else { return nil }
        let element = storage[head]
        storage[head] = nil
        head += 1
        // Half of the array empty: moving the rest now costs one move an element in the long run.
        if head > 64, head * 2 > storage.count {
            storage.removeFirst(head)
            head = 0
        }
        return element
    }
}
