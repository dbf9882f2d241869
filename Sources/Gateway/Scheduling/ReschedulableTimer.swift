import Synchronization

/// A timer for one action, whose time can be moved forward.
final class ReschedulableTimer: Sendable {
    private struct State {
        var armed: (time: MonotonicTime, timer: Task<Void, Never>)?
        var stopped = false
    }

    private let ports: GatewayPorts
    private let state = Mutex(State())

    init(ports: GatewayPorts) { self.ports = ports }

    /// Runs an action at the given time, unless the timer is already set for an earlier one.
    func set(for time: MonotonicTime, _ action: @escaping @Sendable () -> Void) {
        state.withLock { state in
            guard !state.stopped else { return }
            if let armed = state.armed {
                guard time < armed.time else { return }
                armed.timer.cancel()
            }
            let timer = ports.start { [clock = ports.clock, weak self] in
                await clock.sleep(until: time)
                guard !Task.isCancelled else { return }
                self?.clear(time)
                action()
            }
            state.armed = (time, timer)
        }
    }

    /// Cancels the action and accepts no other.
    func stop() {
        state.withLock { state in
            state.stopped = true
            state.armed?.timer.cancel()
            state.armed = nil
        }
    }

    private func clear(_ time: MonotonicTime) {
        state.withLock { state in
            if state.armed?.time == time { state.armed = nil }
        }
    }
}
