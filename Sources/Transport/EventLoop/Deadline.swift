/// A deadline that moves often: moving it later is one store and no timer operation.
///
/// The timer stays where it is; if it fires early, it is set again for the rest. No reference to a deadline
/// or its owner is weak: the reference counts of an object with weak references take a slow path.
package final class Deadline {
    private let reactor: Reactor
    private let onExpiry: () -> Void
    /// When the deadline expires, on the reactor's clock in nanoseconds; `nil` if never.
    package private(set) var due: UInt64?
    private var timer: (id: TimerID, due: UInt64)?

    /// The closure may retain the deadline's owner, which then has to invalidate the deadline and release it.
    package init(on reactor: Reactor, onExpiry: @escaping () -> Void) {
        self.reactor = reactor
        self.onExpiry = onExpiry
    }

    /// Sets the deadline to `interval` from now, replacing any earlier setting.
    package func set(after interval: Duration) {
        set(afterNanoseconds: interval.wholeNanoseconds)
    }

    /// Sets the deadline to `interval` nanoseconds from now, replacing any earlier setting.
    package func set(afterNanoseconds interval: UInt64) {
        let due = reactor.now + interval
        self.due = due
        if let timer, timer.due <= due { return }
        arm(for: due)
    }

    /// Clears the deadline until it is set again.
    package func clear() { due = nil }

    /// Clears the deadline and cancels its timer; call it when the owner ends.
    package func invalidate() {
        due = nil
        if let timer { reactor.cancel(timer.id) }
        timer = nil
    }

    private func arm(for due: UInt64) {
        if let timer { reactor.cancel(timer.id) }
        let id = reactor.schedule(at: due) { self.timerFired() }
        timer = (id, due)
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
