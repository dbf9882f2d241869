import Synchronization

/// Counts the submissions in progress, for a graceful shutdown.
final class InFlightCount: Sendable {
    private struct State {
        var count = 0
        var waiting: [AsyncEvent] = []
    }

    private let state = Mutex(State())

    /// Whether nothing is in progress.
    var isIdle: Bool { state.withLock { $0.count == 0 } }

    func enter() { state.withLock { $0.count += 1 } }

    func leave() {
        let done: [AsyncEvent] = state.withLock { state in
            state.count -= 1
            guard state.count == 0 else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for event in done { event.set() }
    }

    /// Returns when nothing is in progress.
    func drained() async {
        let event = AsyncEvent()
        let isIdle = state.withLock { state in
            if state.count > 0 { state.waiting.append(event) }
            return state.count == 0
        }
        if !isIdle { await event.waitIgnoringCancellation() }
    }
}
