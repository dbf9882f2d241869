import Synchronization

/// Writes one copy of the high-water mark: at most a second behind the store, and never ahead of it.
///
/// Writes only after a commit, at most once per `GatewaySettings.markInterval`; no caller waits for it.
final class MarkWriter: Sendable {
    private struct State {
        /// The sequence in the copy, as far as this process knows.
        var written: Int64 = 0
        var isScheduled = false
        var isWriting = false
        var hasFailed = false
        var isStopped = false
        var lastWrite: MonotonicTime?
        var idle: [AsyncEvent] = []
    }

    private enum Outcome { case written(Int64), failed(HighWaterMarkError), ahead(Int64) }

    /// Between attempts to write a copy after a failure.
    private static let retryInterval: Duration = .seconds(10)

    private let mark: any HighWaterMark
    private let storeID: String
    private let ports: GatewayPorts
    private let settings: GatewaySettings
    private let alarm: ReschedulableTimer
    /// Called when the copy is found to be ahead of the store.
    private let foundAhead: @Sendable (Int64) async -> Void
    private let state = Mutex(State())

    init(
        _ mark: any HighWaterMark, of storeID: String, ports: GatewayPorts, settings: GatewaySettings,
        foundAhead: @escaping @Sendable (Int64) async -> Void
    ) {
        self.mark = mark
        self.storeID = storeID
        self.ports = ports
        self.settings = settings
        self.alarm = ReschedulableTimer(ports: ports)
        self.foundAhead = foundAhead
    }

    /// Schedules a write if the store has committed since the last one.
    func noteCommit() {
        let now = ports.clock.monotonic()
        let time: MonotonicTime? = state.withLock { state in
            guard !state.isScheduled, !state.isWriting, !state.isStopped,
                state.written != ports.store.sequence
            else { return nil }
            state.isScheduled = true
            let soonest = now + settings.markDelay
            if state.hasFailed { return now + Self.retryInterval }
            return state.lastWrite.map { max(soonest, $0 + settings.markInterval) } ?? soonest
        }
        guard let time else { return }
        alarm.set(for: time) { [weak self] in self?.ports.start { [weak self] in await self?.write() } }
    }

    /// Writes the last sequence and ends, but not beyond the given time.
    func stop(by deadline: MonotonicTime) async {
        let done = AsyncEvent()
        let isWriting = state.withLock { state in
            state.isStopped = true
            if state.isWriting { state.idle.append(done) }
            return state.isWriting
        }
        alarm.stop()
        if isWriting { await ports.wait(for: done, until: deadline) }
        let last = AsyncEvent()
        ports.start { [weak self] in
            await self?.write()
            last.set()
        }
        await ports.wait(for: last, until: deadline)
    }

    private func write() async {
        // Durable commits only: a mark ahead of the store would look like a restored store.
        let sequence = ports.store.sequence
        let written: Int64? = state.withLock { state in
            state.isScheduled = false
            guard !state.isWriting, state.written != sequence else { return nil }
            state.isWriting = true
            state.lastWrite = ports.clock.monotonic()
            return state.written
        }
        guard let written else { return }
        let outcome = await replace(written, with: sequence)
        if case .ahead(let known) = outcome { await foundAhead(known) }
        finish(outcome)
        noteCommit()
    }

    private func replace(_ written: Int64, with sequence: Int64) async -> Outcome {
        // The copy may be back only now, as an archive's disk that was mounted late; and a tool may have put
        // the store back while it is in use.
        let known = max(written, await mark.read(storeID: storeID) ?? 0)
        if known > sequence { return .ahead(known) }
        do {
            try await mark.write(sequence, storeID: storeID)
            return .written(sequence)
        } catch {
            return .failed(error)
        }
    }

    private func finish(_ outcome: Outcome) {
        let (waiting, failedBefore) = state.withLock { state in
            defer { state.idle = [] }
            let failedBefore = state.hasFailed
            state.isWriting = false
            switch outcome {
            case .written(let sequence):
                state.written = sequence
                state.hasFailed = false
            case .failed: state.hasFailed = true
            case .ahead: break
            }
            return (state.idle, failedBefore)
        }
        switch outcome {
        case .failed(let error) where !failedBefore:
            ports.log.warning(
                .markUnwritten,
                "a high-water mark cannot be written; without one a restored store is not detected",
                metadata: ["mark": "\(mark.location)", "reason": "\(error.message)"])
        case .written where failedBefore:
            ports.log.notice(
                .markWritten, "a high-water mark can be written again", metadata: ["mark": "\(mark.location)"]
            )
        case .failed, .written, .ahead: break
        }
        for signal in waiting { signal.set() }
    }
}
