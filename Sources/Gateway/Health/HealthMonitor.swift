import Synchronization

/// The health of one dependency: remembers its last failure, and probes by itself whether it works.
///
/// A call that works proves little, so a failure ends only when a probe succeeds.
final class HealthMonitor<Failure: Sendable>: Sendable {
    /// What distinguishes one dependency from another.
    struct Policy: Sendable {
        /// The time to the next probe after so many failed probes in a row; `nil` while the dependency works.
        var delay: @Sendable (_ failedProbes: Int?) -> Duration
        /// Probes the dependency. Returns what is wrong.
        var probe: @Sendable () async -> Failure?
        /// Whether two failures are one to a reader of the log.
        var isSame: @Sendable (Failure, Failure) -> Bool = { _, _ in true }
        var logFailure: @Sendable (Failure) -> Void
        var logRecovery: @Sendable () -> Void
    }

    private struct State {
        var failure: Failure?
        var failedProbes = 0
        var isStopped = false
        var waiting: [AsyncEvent] = []
    }

    private let ports: GatewayPorts
    private let policy: Policy
    private let timer: ReschedulableTimer
    private let state = Mutex(State())

    init(ports: GatewayPorts, policy: Policy) {
        self.ports = ports
        self.policy = policy
        timer = ReschedulableTimer(ports: ports)
    }

    /// The last failure; `nil` while the dependency works.
    var failure: Failure? { state.withLock { $0.failure } }

    /// Probes now and then until cancelled. Failures after that are those of a closed dependency and ignored.
    func run() async {
        scheduleProbe()
        await AsyncEvent.cancellation()
        timer.stop()
        let waiting = state.withLock { state in
            state.isStopped = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for event in waiting { event.set() }
    }

    /// Records the failure of a call, and probes soon if it is the first.
    func record(_ failure: Failure) {
        let isFirst = state.withLock { state in
            guard !state.isStopped else { return false }
            defer { state.failure = failure }
            return state.failure == nil
        }
        guard isFirst else { return }
        policy.logFailure(failure)
        scheduleProbe()
    }

    /// Probes once.
    func probe() async {
        if let failure = await policy.probe() { recordProbe(failure) } else { recordSuccess() }
    }

    /// Returns when the dependency works again, or at the given time.
    func recovered(by time: MonotonicTime) async {
        let event = AsyncEvent()
        state.withLock { if !$0.isStopped { $0.waiting.append(event) } }
        await ports.wait(for: event, until: time)
        state.withLock { state in state.waiting.removeAll { $0 === event } }
    }

    private func recordProbe(_ failure: Failure) {
        let isNew = state.withLock { state in
            guard !state.isStopped else { return false }
            defer { state.failure = failure }
            state.failedProbes += 1
            return state.failure.map { !policy.isSame($0, failure) } ?? true
        }
        if isNew { policy.logFailure(failure) }
    }

    private func recordSuccess() {
        let (hadFailed, waiting) = state.withLock { state in
            defer {
                state.failure = nil
                state.failedProbes = 0
                state.waiting = []
            }
            return (state.failure != nil, state.waiting)
        }
        if hadFailed { policy.logRecovery() }
        for event in waiting { event.set() }
    }

    private func scheduleProbe() {
        let failedProbes = state.withLock { $0.failure == nil ? nil : $0.failedProbes }
        timer.set(for: ports.clock.monotonic() + policy.delay(failedProbes)) { [weak self] in
            self?.ports.start { [weak self] in
                await self?.probe()
                self?.scheduleProbe()
            }
        }
    }
}
