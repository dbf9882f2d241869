import HeapModule
import VideoJobs

/// The due times of tasks for one kind of work, and the tasks being worked on: a value that decides and does
/// nothing.
///
/// A task is in it at most once: scheduled for one time, or in progress.
struct DelayQueue {
    private struct Entry: Comparable {
        let time: MonotonicTime
        let number: UInt64
        let id: TaskID

        static func < (one: Entry, other: Entry) -> Bool {
            (one.time, one.number) < (other.time, other.number)
        }
    }

    /// Stale entries are removed once the heap is larger than this.
    private static let staleMin = 64

    /// Tasks in progress at most.
    let limit: Int
    private var heap = Heap<Entry>()
    private var scheduled: [TaskID: UInt64] = [:]
    private(set) var inProgress: Set<TaskID> = []
    private var lastNumber: UInt64 = 0

    init(limit: Int) { self.limit = limit }

    /// Tasks scheduled or in progress.
    var count: Int { scheduled.count + inProgress.count }

    /// Entries in memory, stale ones included.
    var size: Int { heap.count }

    /// The tasks that are scheduled or in progress.
    var tasks: Set<TaskID> { inProgress.union(scheduled.keys) }

    func contains(_ id: TaskID) -> Bool { scheduled[id] != nil || inProgress.contains(id) }

    /// Schedules a task, replacing its time. A task in progress is left alone: it says itself when it is due.
    mutating func schedule(_ id: TaskID, at time: MonotonicTime) {
        guard !inProgress.contains(id) else { return }
        lastNumber += 1
        scheduled[id] = lastNumber
        heap.insert(Entry(time: time, number: lastNumber, id: id))
        removeStale()
    }

    /// Begins the tasks that are due, as far as the limit allows. Returns them with the times for which they
    /// were scheduled.
    mutating func beginDue(at now: MonotonicTime) -> [(id: TaskID, time: MonotonicTime)] {
        var due: [(id: TaskID, time: MonotonicTime)] = []
        while inProgress.count < limit, let first = heap.min, first.time <= now {
            heap.removeMin()
            guard scheduled[first.id] == first.number else { continue }
            scheduled[first.id] = nil
            inProgress.insert(first.id)
            due.append((first.id, first.time))
        }
        return due
    }

    /// Ends a task's round; schedules the next if a time is given.
    mutating func complete(_ id: TaskID, again time: MonotonicTime?) {
        inProgress.remove(id)
        if let time { schedule(id, at: time) }
    }

    /// The next due time; `nil` while nothing is scheduled or the limit is reached.
    var nextDue: MonotonicTime? { inProgress.count < limit ? heap.min?.time : nil }

    /// Rescheduled tasks leave stale entries, which are removed before they outnumber the others.
    private mutating func removeStale() {
        guard heap.count > Self.staleMin, heap.count > 2 * scheduled.count else { return }
        heap = Heap(heap.unordered.filter { scheduled[$0.id] == $0.number })
    }
}
