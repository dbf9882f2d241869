import Synchronization

/// Counts what is on its way, for an orderly end.
final class InFlight: Sendable {
    private struct State {
        var count = 0
        var waiting: [AsyncEvent] = []
    }

    private let state = Mutex(State())

    func enter() { state.withLock { $0.count += 1 } }

    func leave() {
        let done: [AsyncEvent] = state.withLock { state in
            state.count -= 1
            guard state.count == 0 else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for signal in done { signal.set() }
    }

    /// Returns when nothing is on its way, or at the given time.
    func drained(by deadline: MonotonicTime, ports: GatewayPorts) async {
        let signal = AsyncEvent()
        let idle = state.withLock { state in
            if state.count > 0 { state.waiting.append(signal) }
            return state.count == 0
        }
        if !idle { await ports.wait(for: signal, until: deadline) }
    }
}
