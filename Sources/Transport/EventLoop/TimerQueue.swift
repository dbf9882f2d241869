internal import HeapModule

/// Pending timers, ordered by deadline, then by insertion. Reads no clock.
struct TimerQueue {
    private struct Entry: Comparable {
        let deadline: UInt64
        let id: UInt64

        static func < (left: Entry, right: Entry) -> Bool {
            (left.deadline, left.id) < (right.deadline, right.id)
        }
    }

    private struct Pending {
        let deadline: UInt64
        let body: () -> Void
    }

    private var heap = Heap<Entry>()
    private var pending: [UInt64: Pending] = [:]
    private var lastID: UInt64 = 0

    /// Entries in the heap, including cancelled ones: at most about twice the pending timers.
    var size: Int { heap.count }

    mutating func insert(at deadline: UInt64, _ body: @escaping () -> Void) -> TimerID {
        lastID += 1
        pending[lastID] = Pending(deadline: deadline, body: body)
        heap.insert(Entry(deadline: deadline, id: lastID))
        return TimerID(value: lastID)
    }

    /// Cancels a timer. Its heap entry stays until it surfaces or too many such entries accumulate.
    mutating func cancel(_ timer: TimerID) {
        guard pending.removeValue(forKey: timer.value) != nil else { return }
        if heap.count > 2 * pending.count + 64 {
            heap = Heap(pending.map { Entry(deadline: $0.value.deadline, id: $0.key) })
        }
    }

    /// Returns the earliest deadline of the pending timers.
    mutating func earliest() -> UInt64? {
        while let first = heap.min {
            if pending[first.id] != nil { return first.deadline }
            heap.removeMin()
        }
        return nil
    }

    /// Removes and returns the next due timer.
    mutating func popDue(at now: UInt64) -> (() -> Void)? {
        while let first = heap.min, first.deadline <= now {
            heap.removeMin()
            if let due = pending.removeValue(forKey: first.id) { return due.body }
        }
        return nil
    }
}
