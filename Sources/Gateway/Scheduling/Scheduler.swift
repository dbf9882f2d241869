import Synchronization
import VideoJobs

/// Runs one kind of work on tasks as they become due: a bounded number at once, never twice at once for one
/// task.
final class Scheduler: Sendable {
    typealias Work = @Sendable (TaskID) async -> MonotonicTime?

    private struct State {
        var queue: DelayQueue
        var work: Work?
        var idle: [AsyncEvent] = []
    }

    private struct Round {
        let due: [(id: TaskID, time: MonotonicTime)]
        let next: MonotonicTime?
        let work: Work
    }

    private let ports: GatewayPorts
    private let timer: ReschedulableTimer
    private let state: Mutex<State>
    private let observeLag: (@Sendable (Duration) -> Void)?

    /// - Parameter observeLag: receives how late each round begins.
    init(limit: Int, ports: GatewayPorts, observeLag: (@Sendable (Duration) -> Void)? = nil) {
        self.ports = ports
        self.observeLag = observeLag
        self.timer = ReschedulableTimer(ports: ports)
        self.state = Mutex(State(queue: DelayQueue(limit: limit)))
    }

    /// Runs until cancelled, then begins nothing further and returns when nothing is in progress.
    ///
    /// Work in progress is not cancelled.
    ///
    /// - Parameter work: does one round for a task; returns when the next is due, if there is one.
    func run(_ work: @escaping Work) async {
        state.withLock { $0.work = work }
        dispatchDue()
        await AsyncEvent.cancellation()
        timer.stop()
        await drain()
    }

    /// Schedules a task, replacing its time unless it is in progress.
    func schedule(_ id: TaskID, after delay: Duration) {
        let time = ports.clock.monotonic() + delay
        state.withLock { $0.queue.schedule(id, at: time) }
        dispatchDue()
    }

    /// Whether a task is scheduled or in progress.
    func contains(_ id: TaskID) -> Bool { state.withLock { $0.queue.contains(id) } }

    /// The tasks that are scheduled or in progress.
    var tasks: Set<TaskID> { state.withLock { $0.queue.tasks } }

    private func drain() async {
        let idle = AsyncEvent()
        state.withLock { state in
            state.work = nil
            if state.queue.inProgress.isEmpty { idle.set() } else { state.idle.append(idle) }
        }
        await idle.waitIgnoringCancellation()
    }

    private func dispatchDue() {
        let now = ports.clock.monotonic()
        let round: Round? = state.withLock { state in
            guard let work = state.work else { return nil }
            return Round(due: state.queue.beginDue(at: now), next: state.queue.nextDue, work: work)
        }
        guard let round else { return }
        for (id, time) in round.due {
            observeLag?(now - time)
            ports.start { self.complete(id, again: await round.work(id)) }
        }
        if let next = round.next { timer.set(for: next) { [weak self] in self?.dispatchDue() } }
    }

    private func complete(_ id: TaskID, again time: MonotonicTime?) {
        let idle: [AsyncEvent] = state.withLock { state in
            state.queue.complete(id, again: time)
            guard state.queue.inProgress.isEmpty else { return [] }
            defer { state.idle = [] }
            return state.idle
        }
        for event in idle { event.set() }
        dispatchDue()
    }
}
