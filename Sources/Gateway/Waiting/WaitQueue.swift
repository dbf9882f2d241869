import HeapModule
import VideoJobs

/// Callers that wait for changes of tasks, each until a deadline: a value that decides and does nothing.
struct WaitQueue<Continuation: Sendable>: Sendable {
    /// One waiting caller.
    struct Waiter: Sendable {
        let task: TaskID
        let deadline: MonotonicTime
        let condition: @Sendable (TaskRecord) -> Bool
        let continuation: Continuation
    }

    private struct Entry: Comparable {
        let deadline: MonotonicTime
        let number: UInt64

        static func < (one: Entry, other: Entry) -> Bool {
            (one.deadline, one.number) < (other.deadline, other.number)
        }
    }

    /// Stale entries are removed once the heap is larger than this.
    private static var staleMin: Int { 64 }

    private var waiters: [UInt64: Waiter] = [:]
    private var numbers: [TaskID: Set<UInt64>] = [:]
    private var deadlines = Heap<Entry>()

    var count: Int { waiters.count }

    /// Deadlines in memory, stale ones included.
    var size: Int { deadlines.count }

    /// The next deadline; it may be one of a caller that waits no more.
    var nextDeadline: MonotonicTime? { deadlines.min?.deadline }

    /// Inserts a caller under a number that is used once.
    mutating func insert(_ waiter: Waiter, as number: UInt64) {
        waiters[number] = waiter
        numbers[waiter.task, default: []].insert(number)
        deadlines.insert(Entry(deadline: waiter.deadline, number: number))
    }

    /// Removes a caller; `nil` if it waits no more.
    mutating func remove(_ number: UInt64) -> Waiter? {
        guard let waiter = waiters.removeValue(forKey: number) else { return nil }
        numbers[waiter.task]?.remove(number)
        if numbers[waiter.task]?.isEmpty == true { numbers[waiter.task] = nil }
        removeStale()
        return waiter
    }

    /// Removes the callers whose condition holds for a record of their task.
    mutating func removeSatisfied(by record: TaskRecord) -> [Waiter] {
        guard let waiting = numbers[record.id] else { return [] }
        return waiting.filter { waiters[$0]?.condition(record) == true }.compactMap { remove($0) }
    }

    /// Removes the callers whose deadline is over.
    mutating func removeDue(at now: MonotonicTime) -> [Waiter] {
        var due: [Waiter] = []
        while let first = deadlines.min, first.deadline <= now {
            deadlines.removeMin()
            if let waiter = remove(first.number) { due.append(waiter) }
        }
        return due
    }

    /// Removes the callers that wait for certain tasks.
    mutating func removeAll(where isIncluded: (TaskID) -> Bool) -> [Waiter] {
        numbers.filter { isIncluded($0.key) }.values.flatMap { $0 }.compactMap { remove($0) }
    }

    /// Callers that stopped waiting leave their deadlines, which are removed before they outnumber the
    /// others.
    private mutating func removeStale() {
        guard deadlines.count > Self.staleMin, deadlines.count > 2 * waiters.count else { return }
        deadlines = Heap(deadlines.unordered.filter { waiters[$0.number] != nil })
    }
}
