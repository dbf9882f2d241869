/// The descriptors and timers of one event loop. Touched only on it.
package final class Reactor {
    /// Nanoseconds of the monotonic clock, read once a turn.
    package var now: UInt64 { 0 }

    /// Watches a descriptor, level-triggered. The number, not the descriptor, names the watch: descriptors are reused.
    package func watch(
        _ descriptor: CInt, for interest: Interest, onReady: @escaping (Readiness) -> Void
    ) throws(SystemFailure) -> WatchNumber { WatchNumber(value: 0) }

    package func change(_ number: WatchNumber, to interest: Interest) {}
    package func unwatch(_ number: WatchNumber) {}

    /// Calls once after the given time, unless cancelled before.
    package func schedule(after interval: Duration, _ body: @escaping () -> Void) -> TimerNumber {
        TimerNumber(value: 0)
    }
    package func cancel(_ timer: TimerNumber) {}

    /// Calls once later in this turn, after the callbacks that are under way.
    package func enqueue(_ body: @escaping () -> Void) {}
}

package struct WatchNumber: Hashable, Sendable { package let value: UInt64 }
package struct TimerNumber: Hashable, Sendable { package let value: UInt64 }

package struct Interest: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    package static let read = Interest(rawValue: 1)
    package static let write = Interest(rawValue: 4)
}

/// What a descriptor is ready for.
package struct Readiness: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    package static let read = Readiness(rawValue: 1)
    package static let write = Readiness(rawValue: 4)
    /// Error or hang-up of both directions (EPOLLERR, EPOLLHUP).
    package static let broken = Readiness(rawValue: 0x18)
}
