import DequeModule

/// Queued tasks, sorted by admission number.
struct QueuedTaskList {
    private var tasks: Deque<QueuedTask> = []

    var count: Int { tasks.count }
    var isEmpty: Bool { tasks.isEmpty }

    subscript(index: Int) -> QueuedTask {
        get { tasks[index] }
        set { tasks[index] = newValue }
    }

    mutating func insert(_ task: QueuedTask) {
        tasks.insert(task, at: rank(of: task.number))
    }

    /// Removes the task with this number; `nil` if the list does not have it.
    @discardableResult
    mutating func remove(number: UInt64) -> QueuedTask? {
        index(of: number).map { tasks.remove(at: $0) }
    }

    mutating func remove(at index: Int) -> QueuedTask { tasks.remove(at: index) }

    /// Returns the index of the task with this number.
    func index(of number: UInt64) -> Int? {
        let rank = rank(of: number)
        return rank < tasks.count && tasks[rank].number == number ? rank : nil
    }

    /// Returns the number of tasks before this number.
    func rank(of number: UInt64) -> Int {
        if let last = tasks.last, last.number < number { return tasks.count }
        return tasks.partitionIndex { $0.number < number }
    }

    /// Appends a task that was admitted after all others.
    mutating func append(_ task: QueuedTask) { tasks.append(task) }

    /// Moves all tasks of another list into this one, in order.
    mutating func merge(_ other: inout QueuedTaskList) {
        guard !other.isEmpty else { return }
        var merged: Deque<QueuedTask> = []
        merged.reserveCapacity(tasks.count + other.tasks.count)
        while let mine = tasks.first, let another = other.tasks.first {
            merged.append(mine.number < another.number ? tasks.removeFirst() : other.tasks.removeFirst())
        }
        merged.append(contentsOf: tasks)
        merged.append(contentsOf: other.tasks)
        tasks = merged
        other.tasks = []
    }
}
