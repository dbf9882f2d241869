internal import Synchronization
internal import Transport

/// The wakeups of all bodies on one loop. However many there are, the loop is woken once.
final class BodyWakeupQueue: Sendable {
    struct Wakeup: Sendable {
        let bodyID: UInt64
        let isAbort: Bool
    }

    private struct State {
        var wakeups: [Wakeup] = []
        var isScheduled = false
    }

    private let loop: EventLoop
    private let bodies: LoopBound<StreamedBodies>
    private let state = Mutex(State())

    /// Wakeups that are delivered in one turn: one event to many streams must not hold up other clients.
    private static let turnMax = 256

    init(_ bodies: StreamedBodies, on loop: EventLoop) {
        self.loop = loop
        self.bodies = LoopBound(bodies, on: loop)
    }

    /// Appends a wakeup, from any thread.
    func append(_ wakeup: Wakeup) {
        let wakesLoop = state.withLock { state in
            state.wakeups.append(wakeup)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if wakesLoop { loop.post { [self] reactor in deliver(reactor) } }
    }

    /// Has the sources of several bodies read again.
    func append(resuming bodies: some Sequence<UInt64>) {
        let wakesLoop = state.withLock { state in
            state.wakeups.append(contentsOf: bodies.lazy.map { Wakeup(bodyID: $0, isAbort: false) })
            defer { state.isScheduled = !state.wakeups.isEmpty }
            return !state.isScheduled && !state.wakeups.isEmpty
        }
        if wakesLoop { loop.post { [self] reactor in deliver(reactor) } }
    }

    private func deliver(_ reactor: Reactor) {
        let (wakeups, hasMore) = takeTurn()
        for wakeup in wakeups { bodies.value.deliver(wakeup) }
        // By a timer, so that sockets have their turn in between.
        if hasMore { _ = reactor.schedule(after: .zero) { [self] in deliver(reactor) } }
    }

    private func takeTurn() -> (wakeups: [Wakeup], hasMore: Bool) {
        state.withLock { state in
            var taken: [Wakeup] = []
            if state.wakeups.count <= Self.turnMax {
                swap(&taken, &state.wakeups)
            } else {
                taken = Array(state.wakeups.prefix(Self.turnMax))
                state.wakeups.removeFirst(Self.turnMax)
            }
            state.isScheduled = !state.wakeups.isEmpty
            return (taken, state.isScheduled)
        }
    }
}
