internal import HeapModule

/// Which timers are due, in order of deadline and then of scheduling. Knows no clock.
struct TimerQueue {
    private struct Entry: Comparable {
        let deadline: UInt64
        let number: UInt64

        static func < (left: Entry, right: Entry) -> Bool {
            (left.deadline, left.number) < (right.deadline, right.number)
        }
    }

    private struct Pending {
        let deadline: UInt64
        let body: () -> Void
    }

    private var heap = Heap<Entry>()
    private var pending: [UInt64: Pending] = [:]
    private var lastNumber: UInt64 = 0

    /// Entries held, cancelled ones included: at most twice the pending ones and a few.
    var size: Int { heap.count }

    mutating func insert(at deadline: UInt64, _ body: @escaping () -> Void) -> TimerID {
        lastNumber += 1
        pending[lastNumber] = Pending(deadline: deadline, body: body)
        heap.insert(Entry(deadline: deadline, number: lastNumber))
        return TimerID(value: lastNumber)
    }

    /// Forgets a timer. Its entry stays in the heap until it surfaces or until too many such gather.
    mutating func cancel(_ timer: TimerID) {
        guard pending.removeValue(forKey: timer.value) != nil else { return }
        if heap.count > 2 * pending.count + 64 {
            heap = Heap(pending.map { Entry(deadline: $0.value.deadline, number: $0.key) })
        }
    }

    /// The earliest deadline of a timer that was not cancelled.
    mutating func earliest() -> UInt64? {
        while let first = heap.min {
            if pending[first.number] != nil { return first.deadline }
            heap.removeMin()
        }
        return nil
    }

    /// Takes out the next timer that is due.
    mutating func takeDue(at now: UInt64) -> (() -> Void)? {
        while let first = heap.min, first.deadline <= now {
            heap.removeMin()
            if let due = pending.removeValue(forKey: first.number) { return due.body }
        }
        return nil
    }
}

/// A time limit that moves often: moving it later costs a store and no timer.
///
/// Its timer is left where it is and, when it fires too early, set again for the rest.
package final class Deadline {
    private let reactor: Reactor
    private let onExpiry: () -> Void
    /// When it expires, on the reactor's clock in nanoseconds; `nil` if never.
    package private(set) var due: UInt64?
    private var timer: (number: TimerID, due: UInt64)?

    /// The closure must not keep the deadline's owner alive.
    package init(on reactor: Reactor, onExpiry: @escaping () -> Void) {
        self.reactor = reactor
        self.onExpiry = onExpiry
    }

    /// Expires once, this long from now; an earlier setting no longer counts.
    package func set(after interval: Duration) {
        set(afterNanoseconds: interval.wholeNanoseconds)
    }

    /// Expires once, this long from now; an earlier setting no longer counts.
    package func set(afterNanoseconds interval: UInt64) {
        let due = reactor.now + interval
        self.due = due
        if let timer, timer.due <= due { return }
        arm(for: due)
    }

    /// Never expires, until it is set again.
    package func clear() { due = nil }

    /// Gives up the timer too: to be called when the owner goes.
    package func invalidate() {
        due = nil
        if let timer { reactor.cancel(timer.number) }
        timer = nil
    }

    private func arm(for due: UInt64) {
        if let timer { reactor.cancel(timer.number) }
        let number = reactor.schedule(at: due) { [weak self] in self?.timerFired() }
        timer = (number, due)
    }

    private func timerFired() {
        timer = nil
        guard let due else { return }
        if due > reactor.now { return arm(for: due) }
        self.due = nil
        onExpiry()
    }
}

@available(*, unavailable)
extension Deadline: Sendable {}  // Belongs to one event loop.
