internal import CLinux
internal import DequeModule
internal import Glibc

/// The registered descriptors and timers of one event loop. Confined to that loop.
@safe  // The C structures never leave this type.
package final class Reactor {
    private struct Slot {
        var generation: UInt32 = 0
        var onReady: ((Readiness) -> Void)?
        var descriptor: CInt = -1
    }

    /// The monotonic clock in nanoseconds, read once per turn.
    package private(set) var now: UInt64 = SystemTime.monotonicNanoseconds

    /// Registered descriptors, not counting the loop's own.
    package var registrationCount: Int { slots.count - freeSlots.count }

    // A registration ID holds slot and generation: an event for a removed registration finds another
    // generation.
    private var slots: [Slot] = []
    private var freeSlots: [Int] = []
    private var slotOfDescriptor: [CInt: Int] = [:]
    private var timers = TimerQueue()
    private var armedDeadline: UInt64?
    private var runQueue = Deque<Work>()
    private var events = unsafe [epoll_event](repeating: epoll_event(), count: 256)

    let epoll: OwnedDescriptor
    /// Wakes the loop when another thread submits work.
    let wakeup: WakeupEvent
    private let timerDescriptor: OwnedDescriptor
    private static let timerEvent = UInt64.max
    private static let wakeupEvent = UInt64.max - 1

    init() throws(SystemError) {
        let epollNumber = try systemCall("epoll_create1") { Int(epoll_create1(CInt(EPOLL_CLOEXEC))) }
        epoll = OwnedDescriptor(adopting: CInt(epollNumber))
        let timerNumber = try systemCall("timerfd_create") {
            Int(timerfd_create(CLOCK_MONOTONIC, CInt(TFD_NONBLOCK | TFD_CLOEXEC)))
        }
        timerDescriptor = OwnedDescriptor(adopting: CInt(timerNumber))
        wakeup = try WakeupEvent()
        try control(EPOLL_CTL_ADD, timerDescriptor.fileDescriptor, .read, Self.timerEvent)
        // Edge-triggered: each wakeup is an event of its own, and nothing needs to be read.
        try control(EPOLL_CTL_ADD, wakeup.fileDescriptor, [.read, .edges], Self.wakeupEvent)
    }

    /// Registers a descriptor, level-triggered. Descriptors are reused, so the returned ID identifies the
    /// registration.
    package func watch(
        _ descriptor: CInt, for interest: Interest, onReady: @escaping (Readiness) -> Void
    ) throws(SystemError) -> RegistrationID {
        let index = freeSlots.popLast() ?? slots.count
        if index == slots.count { slots.append(Slot()) }
        let id = RegistrationID(slot: index, generation: slots[index].generation)
        do throws(SystemError) {
            try control(EPOLL_CTL_ADD, descriptor, interest, id.value)
        } catch {
            freeSlots.append(index)
            throw error
        }
        // A library closed its descriptor without deregistering it: detach the stale registration.
        if let stale = slotOfDescriptor.updateValue(index, forKey: descriptor) {
            slots[stale].descriptor = -1
        }
        slots[index].onReady = onReady
        slots[index].descriptor = descriptor
        return id
    }

    /// Changes what a registration waits for; errors and hang-ups are always reported.
    package func change(_ id: RegistrationID, to interest: Interest) {
        guard let index = index(of: id), slots[index].descriptor >= 0 else { return }
        let descriptor = slots[index].descriptor
        do throws(SystemError) {
            do throws(SystemError) {
                try control(EPOLL_CTL_MOD, descriptor, interest, id.value)
            } catch {
                // A library closed the descriptor and opened another with the same number.
                guard error.code == ENOENT else { throw error }
                try control(EPOLL_CTL_ADD, descriptor, interest, id.value)
            }
        } catch {
            preconditionFailure("a registered descriptor was closed before it was unwatched: \(error)")
        }
    }

    /// Removes a registration; its pending events are not delivered. Call it before closing the descriptor.
    package func unwatch(_ id: RegistrationID) {
        guard let index = index(of: id) else { return }
        if slots[index].descriptor >= 0 {
            // A closed descriptor has already left the epoll set: an error changes nothing.
            _ = epoll_ctl(epoll.fileDescriptor, EPOLL_CTL_DEL, slots[index].descriptor, nil)
            slotOfDescriptor[slots[index].descriptor] = nil
        }
        slots[index].generation &+= 1
        slots[index].onReady = nil
        slots[index].descriptor = -1
        freeSlots.append(index)
    }

    /// Runs a closure once after the given time, unless cancelled before.
    package func schedule(after interval: Duration, _ body: @escaping () -> Void) -> TimerID {
        schedule(at: now + interval.wholeNanoseconds, body)
    }

    func schedule(at deadline: UInt64, _ body: @escaping () -> Void) -> TimerID {
        // Later than now, so that a timer that reschedules itself waits for the next turn.
        timers.insert(at: max(deadline, now + 1), body)
    }

    /// Cancels a timer; does nothing if it has fired.
    package func cancel(_ timer: TimerID) { timers.cancel(timer) }

    /// Runs a closure on the loop soon, after the current callbacks.
    package func enqueue(_ body: @escaping () -> Void) { runQueue.append(.call(body)) }

    private func index(of id: RegistrationID) -> Int? {
        let index = id.slot
        guard index < slots.count, slots[index].generation == id.generation,
            slots[index].onReady != nil
        else { return nil }
        return index
    }

    private func control(
        _ operation: CInt, _ descriptor: CInt, _ interest: Interest, _ id: UInt64
    ) throws(SystemError) {
        var event = unsafe epoll_event(events: interest.rawValue, data: epoll_data_t(u64: id))
        try systemCall("epoll_ctl") {
            Int(unsafe epoll_ctl(epoll.fileDescriptor, operation, descriptor, &event))
        }
    }
}

// One turn of the loop; called by the executor.
extension Reactor {
    /// Work that the loop runs between events.
    enum Work {
        case externalWork(LoopExecutor.ExternalWork)
        case call(() -> Void)
    }

    var isIdle: Bool { runQueue.isEmpty }

    func accept(_ work: [LoopExecutor.ExternalWork]) {
        for item in work { runQueue.append(.externalWork(item)) }
    }

    func nextWork() -> Work? { runQueue.popFirst() }

    func beginTurn() { now = SystemTime.monotonicNanoseconds }

    /// Delivers one batch of events and all due timers; returns their number. Waits up to `timeout`
    /// milliseconds for the first event.
    func deliver(within timeout: CInt = 0) -> Int {
        let count = pollEvents(timeout)
        now = SystemTime.monotonicNanoseconds
        for position in 0..<count { unsafe deliverEvent(events[position]) }
        var fired = 0
        while let body = timers.popDue(at: now) {
            fired += 1
            body()
        }
        return count + fired
    }

    /// Arms the timer descriptor for the earliest timer, unless it already fires early enough.
    func armTimer() {
        let earliest = timers.earliest()
        if let armedDeadline, earliest == nil || armedDeadline <= earliest! { return }
        guard let earliest else { return }
        armedDeadline = earliest
        setTimerDescriptor(earliest)
    }

    private func setTimerDescriptor(_ deadline: UInt64) {
        var setting = itimerspec()
        setting.it_value.tv_sec = Int(deadline / 1_000_000_000)
        setting.it_value.tv_nsec = Int(deadline % 1_000_000_000)
        let result = unsafe timerfd_settime(
            timerDescriptor.fileDescriptor, CInt(TFD_TIMER_ABSTIME), &setting, nil)
        precondition(result == 0, "timerfd_settime fails only on invalid arguments")
    }

    private func pollEvents(_ timeout: CInt) -> Int {
        let capacity = unsafe CInt(events.count)
        let count = unsafe events.withUnsafeMutableBufferPointer {
            unsafe epoll_wait(epoll.fileDescriptor, $0.baseAddress, capacity, timeout)
        }
        return max(0, Int(count))  // EINTR: the source fires again.
    }

    private func deliverEvent(_ event: epoll_event) {
        let value = unsafe event.data.u64
        if value == Self.timerEvent {
            // Setting it clears its readiness. 0 disarms it; `armTimer` arms it for the next timer.
            armedDeadline = nil
            return setTimerDescriptor(0)
        }
        // Nothing to do: the loop checks its inbox next.
        if value == Self.wakeupEvent { return }
        let id = RegistrationID(value: value)
        guard let index = index(of: id) else { return }
        slots[index].onReady?(Readiness(rawValue: unsafe event.events))
    }
}

@available(*, unavailable)
extension Reactor: Sendable {}  // Belongs to one event loop.
