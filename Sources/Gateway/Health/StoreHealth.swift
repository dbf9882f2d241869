import Logging
import Synchronization
import VideoJobs

/// Whether the store works: remembers the trouble that a call showed, and looks by itself whether it is over.
///
/// A call that works proves little: a full disk is still read, and still takes a small row. So trouble ends
/// only when the store has passed its own check, which needs no traffic: whoever keeps jobs away because of
/// `/readyz` sees it come back.
final class StoreHealth: Sendable {
    private struct State {
        var trouble: StoreError?
        /// Checks in a row that failed.
        var failures = 0
        var waiting: [AsyncEvent] = []
        var isStopped = false
    }

    private let ports: GatewayPorts
    private let settings: GatewaySettings
    private let alarm: ReschedulableTimer
    private let state = Mutex(State())

    init(ports: GatewayPorts, settings: GatewaySettings) {
        self.ports = ports
        self.settings = settings
        self.alarm = ReschedulableTimer(ports: ports)
    }

    var trouble: StoreError? { state.withLock { $0.trouble } }

    /// Why no job is taken although the store might take it: nothing is to be built on damage.
    var damage: StoreError? {
        guard let trouble, case .damaged = trouble else { return nil }
        return trouble
    }

    /// Begins to look now and then, since files are also taken away while nobody calls.
    func start() { plan() }

    /// Looks no further; failures to come are those of a closed store.
    func stop() {
        let waiting = state.withLock { state in
            state.isStopped = true
            defer { state.waiting = [] }
            return state.waiting
        }
        alarm.stop()
        for signal in waiting { signal.set() }
    }

    /// Passes a store call's ending on and remembers what it says of the store.
    func watching<Value>(
        _ call: () async throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        do {
            return try await call()
        } catch {
            note(error)
            throw error
        }
    }

    /// Returns when the trouble is over, or at the given time.
    func recovered(by time: MonotonicTime) async {
        let signal = AsyncEvent()
        state.withLock { if !$0.isStopped { $0.waiting.append(signal) } }
        await ports.wait(for: signal, until: time)
        state.withLock { state in state.waiting.removeAll { $0 === signal } }
    }

    private func note(_ failure: StoreError) {
        if case .oneTask = failure { return }
        let isNew = state.withLock { state in
            guard !state.isStopped else { return false }
            defer { state.trouble = failure }
            return state.trouble == nil
        }
        guard isNew else { return }
        tell(failure)
        plan()
    }

    private func look() async {
        do throws(StoreError) {
            try await ports.store.check()
            end()
        } catch {
            fail(error)
        }
        plan()
    }

    private func fail(_ failure: StoreError) {
        let isNew = state.withLock { state in
            guard !state.isStopped else { return false }
            defer { state.trouble = failure }
            state.failures += 1
            return state.trouble?.kind != failure.kind
        }
        if isNew { tell(failure) }
    }

    private func end() {
        let (wasTrouble, waiting) = state.withLock { state in
            defer {
                state.trouble = nil
                state.failures = 0
                state.waiting = []
            }
            return (state.trouble != nil, state.waiting)
        }
        if wasTrouble { ports.log.notice("the store works again: jobs are taken") }
        for signal in waiting { signal.set() }
    }

    /// Once for each trouble: what to do stands in the failure's words.
    private func tell(_ failure: StoreError) {
        ports.log.error(
            "\(failure.message). Jobs are refused until the store works; it is tried again by itself")
    }

    private func plan() {
        let (inTrouble, failures) = state.withLock { ($0.trouble != nil, $0.failures) }
        let delay =
            inTrouble
            ? settings.storeBackoff.delay(after: failures + 1, retryAfter: nil, jitter: ports.jitter())
            : settings.storeCheckInterval
        alarm.set(for: ports.clock.monotonic() + delay) { [weak self] in
            self?.ports.start { [weak self] in await self?.look() }
        }
    }
}

extension StoreError {
    /// The case alone: its words differ from call to call.
    fileprivate enum Kind { case locked, readOnly, full, newer, damaged, unavailable, oneTask }

    fileprivate var kind: Kind {
        switch self {
        case .locked: .locked
        case .readOnly: .readOnly
        case .full: .full
        case .newer: .newer
        case .damaged: .damaged
        case .unavailable: .unavailable
        case .oneTask: .oneTask
        }
    }
}
