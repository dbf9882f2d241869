import Synchronization

/// Rings once at a time that can be moved forward.
final class ReschedulableTimer: Sendable {
    private struct State {
        var armed: (time: MonotonicTime, timer: Task<Void, Never>)?
        var stopped = false
    }

    private let ports: GatewayPorts
    private let state = Mutex(State())

    init(ports: GatewayPorts) { self.ports = ports }

    /// Rings at the given time, unless it is already set for one before that.
    func set(for time: MonotonicTime, _ ring: @escaping @Sendable () -> Void) {
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
                ring()
            }
            state.armed = (time, timer)
        }
    }

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
