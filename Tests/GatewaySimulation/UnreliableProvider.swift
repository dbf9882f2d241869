import Gateway
import GatewayFakes
import Synchronization
import VideoJobs

/// A provider with the faults of a `FaultInjector`: tasks take time, replies get lost. It outlives the
/// gateway's processes.
final class UnreliableProvider: VideoProvider {
    /// A task at the provider.
    struct ProviderTask: Sendable {
        enum Ending: Sendable { case video, failure, none }

        let taskID: TaskID
        let ends: MonotonicTime
        let ending: Ending
        /// When the provider begins to report the task as unknown.
        let forgotten: MonotonicTime?
        var emptyReads: Int
    }

    private enum CreateOutcome: Sendable {
        case verdict(SubmissionVerdict)
        case accepted(isReceived: Bool)
        case lost
        case noReply(isAccepted: Bool)
    }

    private struct State {
        var tasks: [ProviderTaskID: ProviderTask] = [:]
        var links: [String: MonotonicTime] = [:]
        var events: [ExternalEvent] = []
        var calls = 0
        var linkCount = 0
        var readerCalls = 0
    }

    private let clock: ManualClock
    private let faults: FaultInjector
    /// Broken: creates each task twice, as an HTTP library that repeats requests would.
    let sendsTwice: Bool
    private let state = Mutex(State())

    init(clock: ManualClock, faults: FaultInjector, sendsTwice: Bool = false) {
        self.clock = clock
        self.faults = faults
        self.sendsTwice = sendsTwice
    }

    /// Returns the events since the last call.
    func takeEvents() -> [ExternalEvent] {
        state.withLock { state in
            defer { state.events = [] }
            return state.events
        }
    }

    /// The number of calls that readers caused.
    var readerCalls: Int { state.withLock { $0.readerCalls } }

    func task(_ id: ProviderTaskID) -> ProviderTask? { state.withLock { $0.tasks[id] } }

    /// Returns the provider tasks that were created for a task.
    func tasks(of taskID: TaskID) -> [ProviderTaskID] {
        state.withLock { state in
            state.tasks.filter { $0.value.taskID == taskID }.keys.sorted { $0.text < $1.text }
        }
    }

    func isAlive(_ link: String) -> Bool {
        state.withLock { $0.links[link].map { $0 > clock.monotonic() } ?? false }
    }

    func create(_ payload: [UInt8], for id: TaskID) async -> SubmissionVerdict {
        if sendsTwice { _ = await createOnce(payload, id) }
        return await createOnce(payload, id)
    }

    func models() async -> ModelListing { .unsupported(message: "there is no list of models") }

    func poll(_ id: ProviderTaskID) async -> PollOutcome {
        note(.pollBegan(id, of: task(id)?.taskID))
        await clock.pause(faults, milliseconds: faults.occurs(.pollSlow) ? 1000...60_000 : 5...500)
        note(.pollEnded(id))
        return outcome(id, at: clock.monotonic())
    }

    func noteRemoval(of id: TaskID) { note(.removed(id)) }

    private func note(_ event: ExternalEvent) {
        let isReader = ReaderContext.isActive
        state.withLock { state in
            state.events.append(event)
            if isReader { state.readerCalls += 1 }
        }
    }
}

extension UnreliableProvider {
    private func createOnce(_ payload: [UInt8], _ id: TaskID) async -> SubmissionVerdict {
        let number = state.withLock { state in
            state.calls += 1
            return state.calls
        }
        note(.called(id, number: number))
        let outcome = createOutcome(of: payload, at: clock.monotonic())
        await clock.pause(faults, milliseconds: 1...400)
        let verdict = await perform(outcome, id, number)
        note(.verdictReturned(id, number: number, verdict))
        return verdict
    }

    private func createOutcome(of payload: [UInt8], at now: MonotonicTime) -> CreateOutcome {
        let isOutage = { (fault: Fault, seconds) in
            self.faults.isOutage(of: fault, at: now, seconds: seconds)
        }
        if isOutage(.unreachable, 5...300) || faults.occurs(.notSent) {
            return .verdict(.blocked(.providerUnreachable, retryAfter: nil, message: "refused"))
        }
        if isOutage(.credentials, 10...900) {
            return .verdict(.blocked(.credentialsRejected, retryAfter: nil, message: "wrong key"))
        }
        if isOutage(.quota, 10...900) {
            return .verdict(.notAccepted(.quotaExhausted, retryAfter: nil, message: "no quota"))
        }
        if isOutage(.modelUnavailable, 10...900),
            String(decoding: payload, as: UTF8.self).contains(#""model":"m0""#)
        {
            return .verdict(.notAccepted(.providerUnreachable, retryAfter: nil, message: "no channel"))
        }
        if faults.occurs(.rateLimited) {
            let retryAfter: Duration? = faults.pick(0...2) == 0 ? nil : .seconds(faults.pick(1...120))
            return .verdict(.notAccepted(.rateLimited, retryAfter: retryAfter, message: "too many requests"))
        }
        if faults.occurs(.refused) {
            return .verdict(
                .refused(FailureReason(code: "invalid_parameters", message: "no", httpStatus: 422)))
        }
        if faults.occurs(.requestLost) { return .lost }
        if faults.occurs(.noReply) { return .noReply(isAccepted: faults.pick(0...1) == 0) }
        return .accepted(isReceived: !faults.occurs(.replyLost))
    }

    private func perform(_ outcome: CreateOutcome, _ id: TaskID, _ number: Int) async -> SubmissionVerdict {
        switch outcome {
        case .verdict(let verdict):
            return verdict
        case .accepted(let isReceived):
            let providerTaskID = accept(id, number)
            await clock.pause(faults, milliseconds: 1...2000)
            let report = ProviderReport(.pending, estimatedSeconds: faults.pick(20...90))
            return isReceived
                ? .accepted(providerTaskID, report) : .unknown(LostReply("connection reset after acceptance"))
        case .lost:
            return .unknown(LostReply("connection reset"))
        case .noReply(let isAccepted):
            if isAccepted { _ = accept(id, number) }
            await clock.pause(faults, milliseconds: 60_000...60_000)
            return .unknown(LostReply("timed out"))
        }
    }

    private func accept(_ id: TaskID, _ number: Int) -> ProviderTaskID {
        let now = clock.monotonic()
        let seconds = faults.occurs(.slowTask) ? faults.pick(300...9000) : faults.pick(5...200)
        let ending: ProviderTask.Ending =
            faults.occurs(.endlessTask) ? .none : faults.occurs(.taskFails) ? .failure : .video
        let forgotten = faults.occurs(.taskForgotten) ? now + .seconds(faults.pick(0...600)) : nil
        let empty = faults.occurs(.lateResult) ? faults.pick(1...6) : 0
        let providerTaskID = ProviderTaskID("provider-task-\(number)")
        note(.accepted(id, number: number))
        state.withLock { state in
            state.tasks[providerTaskID] = ProviderTask(
                taskID: id, ends: now + .seconds(seconds), ending: ending, forgotten: forgotten,
                emptyReads: empty)
        }
        return providerTaskID
    }

    private func outcome(_ id: ProviderTaskID, at now: MonotonicTime) -> PollOutcome {
        if faults.isOutage(of: .credentials, at: now, seconds: 10...900) {
            return .credentialsRejected(message: "wrong key")
        }
        if faults.isOutage(of: .unreachable, at: now, seconds: 5...300) || faults.occurs(.pollFails) {
            let retryAfter: Duration? = faults.pick(0...2) == 0 ? .seconds(faults.pick(1...60)) : nil
            return .unavailable(message: "503", retryAfter: retryAfter)
        }
        guard let task = task(id), task.forgotten.map({ now < $0 }) ?? true else {
            return .notKnown(message: "404")
        }
        if faults.occurs(.pollUnknownStatus) { return .report(ProviderReport(.unknown("paused"))) }
        guard now >= task.ends else {
            return .report(ProviderReport(.processing, progress: faults.pick(0...100)))
        }
        return .report(ending(of: id, task, at: now))
    }

    private func ending(
        of id: ProviderTaskID, _ task: ProviderTask, at now: MonotonicTime
    ) -> ProviderReport {
        switch task.ending {
        case .none:
            return ProviderReport(.processing, progress: 50)
        case .failure:
            let failure = FailureReason(code: "content_policy_violation", message: "no")
            return ProviderReport(.failed, failure: failure)
        case .video where task.emptyReads > 0:
            state.withLock { $0.tasks[id]?.emptyReads -= 1 }
            return ProviderReport(.completed, progress: 50)
        case .video:
            let lifetime = faults.occurs(.linksExpireEarly) ? faults.pick(0...30) : 86_400
            let link: String = state.withLock { state in
                state.linkCount += 1
                let link = "https://results/\(id)?signature=\(state.linkCount)"
                state.links[link] = now + .seconds(lifetime)
                return link
            }
            return ProviderReport(.completed, progress: 100, links: [link])
        }
    }
}
