internal import CLinux
internal import DequeModule
internal import Glibc

/// The descriptors and timers of one event loop. Touched only on it.
@safe  // The C structures never leave this type.
package final class Reactor {
    private struct Slot {
        var generation: UInt32 = 0
        var onReady: ((Readiness) -> Void)?
        var descriptor: CInt = -1
    }

    /// Nanoseconds of the monotonic clock, read once a turn.
    package private(set) var now: UInt64 = SystemTime.monotonicNanoseconds

    /// Descriptors being watched, the loop's own not counted.
    package var watchCount: Int { slots.count - freeSlots.count }

    // The watch number is slot and generation: an event for a watch that is gone finds another generation.
    private var slots: [Slot] = []
    private var freeSlots: [Int] = []
    private var slotOfDescriptor: [CInt: Int] = [:]
    private var timers = TimerQueue()
    private var armedDeadline: UInt64?
    private var runQueue = Deque<Work>()
    private var events = unsafe [epoll_event](repeating: epoll_event(), count: 256)

    let epoll: OwnedDescriptor
    /// For whoever has work for the loop while it waits.
    let wakeup: WakeupEvent
    private let timerDescriptor: OwnedDescriptor
    private static let timerEvent = UInt64.max
    private static let alarmEvent = UInt64.max - 1

    init() throws(SystemError) {
        let epollNumber = try systemCall("epoll_create1") { Int(epoll_create1(CInt(EPOLL_CLOEXEC))) }
        epoll = OwnedDescriptor(adopting: CInt(epollNumber))
        let timerNumber = try systemCall("timerfd_create") {
            Int(timerfd_create(CLOCK_MONOTONIC, CInt(TFD_NONBLOCK | TFD_CLOEXEC)))
        }
        timerDescriptor = OwnedDescriptor(adopting: CInt(timerNumber))
        wakeup = try WakeupEvent()
        try control(EPOLL_CTL_ADD, timerDescriptor.number, .read, Self.timerEvent)
        // Each ring is an event of its own, and none has to be read away.
        try control(EPOLL_CTL_ADD, wakeup.number, [.read, .edges], Self.alarmEvent)
    }

    /// Watches a descriptor, level-triggered. The number, not the descriptor, names the watch: descriptors
    /// are reused.
    package func watch(
        _ descriptor: CInt, for interest: Interest, onReady: @escaping (Readiness) -> Void
    ) throws(SystemError) -> RegistrationID {
        let index = freeSlots.popLast() ?? slots.count
        if index == slots.count { slots.append(Slot()) }
        let number = RegistrationID(slot: index, generation: slots[index].generation)
        do throws(SystemError) {
            try control(EPOLL_CTL_ADD, descriptor, interest, number.value)
        } catch {
            freeSlots.append(index)
            throw error
        }
        // A library closed its descriptor before it said so: what is left of that watch must not touch this.
        if let stale = slotOfDescriptor.updateValue(index, forKey: descriptor) {
            slots[stale].descriptor = -1
        }
        slots[index].onReady = onReady
        slots[index].descriptor = descriptor
        return number
    }

    /// Changes what a watch waits for; errors and hang-ups are always reported.
    package func change(_ number: RegistrationID, to interest: Interest) {
        guard let index = index(of: number), slots[index].descriptor >= 0 else { return }
        let descriptor = slots[index].descriptor
        do throws(SystemError) {
            do throws(SystemError) {
                try control(EPOLL_CTL_MOD, descriptor, interest, number.value)
            } catch {
                // A library closed it and opened another under the same number, which it now wants watched.
                guard error.code == ENOENT else { throw error }
                try control(EPOLL_CTL_ADD, descriptor, interest, number.value)
            }
        } catch { preconditionFailure("a watched descriptor went away before it was unwatched: \(error)") }
    }

    /// Ends a watch. Events of it that already arrived are not delivered. To be called before the descriptor
    /// is closed.
    package func unwatch(_ number: RegistrationID) {
        guard let index = index(of: number) else { return }
        if slots[index].descriptor >= 0 {
            // A descriptor that is already closed left the epoll set by itself: a failure changes nothing.
            _ = epoll_ctl(epoll.number, EPOLL_CTL_DEL, slots[index].descriptor, nil)
            slotOfDescriptor[slots[index].descriptor] = nil
        }
        slots[index].generation &+= 1
        slots[index].onReady = nil
        slots[index].descriptor = -1
        freeSlots.append(index)
    }

    /// Calls once after the given time, unless cancelled before.
    package func schedule(after interval: Duration, _ body: @escaping () -> Void) -> TimerID {
        schedule(at: now + interval.wholeNanoseconds, body)
    }

    func schedule(at deadline: UInt64, _ body: @escaping () -> Void) -> TimerID {
        // Later than now, so that a timer which sets itself again waits for the next turn.
        timers.insert(at: max(deadline, now + 1), body)
    }

    /// Forgets a timer; one that fired already is no error.
    package func cancel(_ timer: TimerID) { timers.cancel(timer) }

    /// Calls once soon, on the loop, after the callbacks that are under way.
    package func enqueue(_ body: @escaping () -> Void) { runQueue.append(.call(body)) }

    private func index(of number: RegistrationID) -> Int? {
        let index = number.slot
        guard index < slots.count, slots[index].generation == number.generation,
            slots[index].onReady != nil
        else { return nil }
        return index
    }

    private func control(
        _ operation: CInt, _ descriptor: CInt, _ interest: Interest, _ number: UInt64
    ) throws(SystemError) {
        var event = unsafe epoll_event(events: interest.rawValue, data: epoll_data_t(u64: number))
        try systemCall("epoll_ctl") { Int(unsafe epoll_ctl(epoll.number, operation, descriptor, &event)) }
    }
}

// How a turn goes; called by the executor, on the loop.
extension Reactor {
    /// What the loop runs between its events.
    enum Work {
        case externalWork(LoopExecutor.ExternalWork)
        case call(() -> Void)
    }

    var isIdle: Bool { runQueue.isEmpty }

    func accept(_ externalWorkItems: [LoopExecutor.ExternalWork]) {
        for externalWork in externalWorkItems { runQueue.append(.externalWork(externalWork)) }
    }

    func nextWork() -> Work? { runQueue.popFirst() }

    func beginTurn() { now = SystemTime.monotonicNanoseconds }

    /// Delivers one batch of events and the timers that are due; how many it delivered. Waits so many
    /// milliseconds for the first event.
    func deliver(within patience: CInt = 0) -> Int {
        let count = pollEvents(patience)
        now = SystemTime.monotonicNanoseconds
        for position in 0..<count { unsafe deliverEvent(events[position]) }
        var fired = 0
        while let body = timers.takeDue(at: now) {
            fired += 1
            body()
        }
        return count + fired
    }

    /// Sets the one timer descriptor for the earliest timer. Left alone while it fires early enough.
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
            timerDescriptor.number, CInt(TFD_TIMER_ABSTIME), &setting, nil)
        precondition(result == 0, "timerfd_settime fails only on arguments that make no sense")
    }

    private func pollEvents(_ patience: CInt) -> Int {
        let capacity = unsafe CInt(events.count)
        let count = unsafe events.withUnsafeMutableBufferPointer {
            unsafe epoll_wait(epoll.number, $0.baseAddress, capacity, patience)
        }
        return max(0, Int(count))  // EINTR: the source fires again.
    }

    private func deliverEvent(_ event: epoll_event) {
        let value = unsafe event.data.u64
        if value == Self.timerEvent {
            // Setting it clears its readiness: 0 disarms, `armTimer` sets it for what is next.
            armedDeadline = nil
            return setTimerDescriptor(0)
        }
        // Nothing to do: the loop looks into its inbox next.
        if value == Self.alarmEvent { return }
        let number = RegistrationID(value: value)
        guard let index = index(of: number) else { return }
        slots[index].onReady?(Readiness(rawValue: unsafe event.events))
    }
}

@available(*, unavailable)
extension Reactor: Sendable {}  // Belongs to one event loop.

/// What ends a loop's wait from another thread: an eventfd.
final class WakeupEvent: Sendable {
    private let descriptor: OwnedDescriptor

    init() throws(SystemError) {
        let number = try systemCall("eventfd") { Int(eventfd(0, CInt(EFD_NONBLOCK | EFD_CLOEXEC))) }
        descriptor = OwnedDescriptor(adopting: CInt(number))
    }

    var number: CInt { descriptor.number }

    func wake() {
        // Fails only when nobody has waited for 2⁶⁴ rings.
        var one: UInt64 = 1
        _ = unsafe write(descriptor.number, &one, MemoryLayout<UInt64>.size)
    }
}

/// Names one watch of one loop; never used twice.
package struct RegistrationID: Hashable, Sendable {
    package let value: UInt64

    init(value: UInt64) { self.value = value }

    init(slot: Int, generation: UInt32) { value = UInt64(generation) << 32 | UInt64(UInt32(slot)) }

    var slot: Int { Int(UInt32(truncatingIfNeeded: value)) }
    var generation: UInt32 { UInt32(value >> 32) }
}

/// Names one timer of one loop; never used twice.
package struct TimerID: Hashable, Sendable { package let value: UInt64 }

/// What a watch waits for (EPOLLIN, EPOLLOUT). Empty: only errors and hang-ups.
package struct Interest: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    package static let read = Interest(rawValue: 1)
    package static let write = Interest(rawValue: 4)
    /// The peer closes its sending side (EPOLLRDHUP): reported without reading.
    package static let peerEnd = Interest(rawValue: 0x2000)
    /// Tells of changes only (EPOLLET).
    static let edges = Interest(rawValue: 1 << 31)
}

/// What a descriptor is ready for.
package struct Readiness: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    package static let read = Readiness(rawValue: 1)
    package static let write = Readiness(rawValue: 4)
    /// The peer has closed its sending side (EPOLLRDHUP).
    package static let peerEnd = Readiness(rawValue: 0x2000)
    /// Error or hang-up of both directions (EPOLLERR, EPOLLHUP).
    package static let broken = Readiness(rawValue: 0x18)
}
