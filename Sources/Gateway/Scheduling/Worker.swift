import Synchronization
import VideoJobs

/// Does one kind of work on tasks as they become due, a bounded number at once, never twice at once for one
/// task.
final class Worker: Sendable {
    private struct State {
        var agenda: DelayQueue
        var work: (@Sendable (TaskID) async -> MonotonicTime?)?
        var idle: [AsyncEvent] = []
    }

    private struct Round {
        let due: [TaskID]
        let next: MonotonicTime?
        let work: @Sendable (TaskID) async -> MonotonicTime?
    }

    private let ports: GatewayPorts
    private let alarm: ReschedulableTimer
    private let state: Mutex<State>

    init(limit: Int, ports: GatewayPorts) {
        self.ports = ports
        self.alarm = ReschedulableTimer(ports: ports)
        self.state = Mutex(State(agenda: DelayQueue(limit: limit)))
    }

    /// Begins. `work` does one round for a task and returns when the next is due, if there is one.
    func start(_ work: @escaping @Sendable (TaskID) async -> MonotonicTime?) {
        state.withLock { $0.work = work }
        pump()
    }

    func plan(_ id: TaskID, after delay: Duration) {
        let time = ports.clock.monotonic() + delay
        state.withLock { $0.agenda.plan(id, at: time) }
        pump()
    }

    /// Starts nothing further and waits for what is in hand, but not beyond the given time.
    func stop(by deadline: MonotonicTime) async {
        alarm.stop()
        let idle = AsyncEvent()
        state.withLock { state in
            state.work = nil
            if state.agenda.inHand.isEmpty { idle.set() } else { state.idle.append(idle) }
        }
        await ports.wait(for: idle, until: deadline)
    }

    private func pump() {
        let now = ports.clock.monotonic()
        let round: Round? = state.withLock { state in
            guard let work = state.work else { return nil }
            return Round(due: state.agenda.takeDue(at: now), next: state.agenda.nextDue, work: work)
        }
        guard let round else { return }
        for id in round.due {
            ports.start { self.putDown(id, again: await round.work(id)) }
        }
        if let next = round.next { alarm.set(for: next) { [weak self] in self?.pump() } }
    }

    private func putDown(_ id: TaskID, again time: MonotonicTime?) {
        let idle: [AsyncEvent] = state.withLock { state in
            state.agenda.putDown(id, again: time)
            guard state.agenda.inHand.isEmpty else { return [] }
            defer { state.idle = [] }
            return state.idle
        }
        for signal in idle { signal.set() }
        pump()
    }
}
