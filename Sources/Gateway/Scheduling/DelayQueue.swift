import HeapModule
import VideoJobs

/// Which tasks are due for one kind of work, and which are being worked on: a value that decides and does
/// nothing.
///
/// A task stands in it once, whoever asks: planned for one time, or in hand.
struct DelayQueue {
    private struct Entry: Comparable {
        let time: MonotonicTime
        let number: UInt64
        let id: TaskID

        static func < (one: Entry, other: Entry) -> Bool {
            (one.time, one.number) < (other.time, other.number)
        }
    }

    /// Tasks in hand at most.
    let limit: Int
    private var heap = Heap<Entry>()
    private var planned: [TaskID: UInt64] = [:]
    private(set) var inHand: Set<TaskID> = []
    private var lastNumber: UInt64 = 0

    init(limit: Int) { self.limit = limit }

    /// Tasks planned or in hand.
    var count: Int { planned.count + inHand.count }

    /// Entries in memory, stale ones included.
    var size: Int { heap.count }

    /// Plans a task, replacing what was planned for it. One in hand says itself when it is due again.
    mutating func plan(_ id: TaskID, at time: MonotonicTime) {
        guard !inHand.contains(id) else { return }
        lastNumber += 1
        planned[id] = lastNumber
        heap.insert(Entry(time: time, number: lastNumber, id: id))
        dropStale()
    }

    /// Takes in hand what is due, as far as the limit allows.
    mutating func takeDue(at now: MonotonicTime) -> [TaskID] {
        var due: [TaskID] = []
        while inHand.count < limit, let first = heap.min, first.time <= now {
            heap.removeMin()
            guard planned[first.id] == first.number else { continue }
            planned[first.id] = nil
            inHand.insert(first.id)
            due.append(first.id)
        }
        return due
    }

    /// Puts a task down; planned again if a time is given.
    mutating func putDown(_ id: TaskID, again time: MonotonicTime?) {
        inHand.remove(id)
        if let time { plan(id, at: time) }
    }

    /// When to look again; `nil` while nothing is planned or the limit is reached (putting down looks
    /// anyway).
    var nextDue: MonotonicTime? { inHand.count < limit ? heap.min?.time : nil }

    /// Replanned tasks leave their old entries behind; they are cleared out before they outnumber the real
    /// ones.
    private mutating func dropStale() {
        guard heap.count > 64, heap.count > 2 * planned.count else { return }
        heap = Heap(heap.unordered.filter { planned[$0.id] == $0.number })
    }
}
