import Gateway
import GatewayFakes
import Synchronization
import VideoJobs

/// What happened outside the gateway, for those who check.
enum OutsideEvent: Sendable {
    /// A create began; `number` names it from now on.
    case called(TaskID, number: Int)
    /// It is billed from this moment on.
    case accepted(TaskID, number: Int)
    /// What the gateway was told of it.
    case verdictReturned(TaskID, number: Int, SubmissionVerdict)
    case pollBegan(ProviderTaskID, of: TaskID?)
    case pollEnded(ProviderTaskID)
    /// Not theirs but ours: a copy was removed from the archive.
    case removed(TaskID)
}

/// What runs inside a read, however indirectly.
enum Reading {
    @TaskLocal static var isOn = false
}

/// A provider with an account, tasks that take their time, and all the faults of the weather. It lives on
/// when the gateway dies.
final class SimulatedProvider: VideoProvider {
    /// A task as the provider knows it.
    struct SimulatedProviderTask: Sendable {
        enum Ending: Sendable { case video, failure, none }

        let taskID: TaskID
        let ends: MonotonicTime
        let ending: Ending
        /// From when on the provider denies that it exists.
        let forgotten: MonotonicTime?
        var emptyReads: Int
    }

    private enum Fate: Sendable {
        case answered(SubmissionVerdict)
        case accepted(isReceived: Bool)
        case lost
        case silent(accepts: Bool)
    }

    private struct State {
        var tasks: [ProviderTaskID: SimulatedProviderTask] = [:]
        var links: [String: MonotonicTime] = [:]
        var events: [OutsideEvent] = []
        var calls = 0
        var linkCount = 0
        var readersAsked = 0
    }

    private let clock: ManualClock
    private let weather: FaultInjector
    /// Sends each request twice, as an HTTP library may that repeats what it believes lost.
    let sendsTwice: Bool
    private let state = Mutex(State())

    init(clock: ManualClock, weather: FaultInjector, sendsTwice: Bool = false) {
        self.clock = clock
        self.weather = weather
        self.sendsTwice = sendsTwice
    }

    /// What happened since this was last asked.
    func takeEvents() -> [OutsideEvent] {
        state.withLock { state in
            defer { state.events = [] }
            return state.events
        }
    }

    /// How often a reader caused a call.
    var readersAsked: Int { state.withLock { $0.readersAsked } }

    func task(_ id: ProviderTaskID) -> SimulatedProviderTask? { state.withLock { $0.tasks[id] } }

    /// What runs there for a task of ours, as its operator would look it up.
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

    func poll(_ id: ProviderTaskID) async -> PollOutcome {
        note(.pollBegan(id, of: task(id)?.taskID))
        await clock.pause(weather, milliseconds: weather.strikes(.pollSlow) ? 1000...60_000 : 5...500)
        note(.pollEnded(id))
        return outcome(id, at: clock.monotonic())
    }

    func noteRemoval(of id: TaskID) { note(.removed(id)) }

    private func note(_ event: OutsideEvent) {
        let isReader = Reading.isOn
        state.withLock { state in
            state.events.append(event)
            if isReader { state.readersAsked += 1 }
        }
    }
}

extension SimulatedProvider {
    private func createOnce(_ payload: [UInt8], _ id: TaskID) async -> SubmissionVerdict {
        let number = state.withLock { state in
            state.calls += 1
            return state.calls
        }
        note(.called(id, number: number))
        let fate = fate(of: payload, at: clock.monotonic())
        await clock.pause(weather, milliseconds: 1...400)
        let verdict = await meet(fate, id, number)
        note(.verdictReturned(id, number: number, verdict))
        return verdict
    }

    private func fate(of payload: [UInt8], at now: MonotonicTime) -> Fate {
        let word = { (fault: Fault, seconds) in self.weather.isSeason(of: fault, at: now, seconds: seconds) }
        if word(.unreachable, 5...300) || weather.strikes(.notSent) {
            return .answered(.blocked(.providerUnreachable, retryAfter: nil, message: "refused"))
        }
        if word(.credentials, 10...900) {
            return .answered(.blocked(.credentialsRejected, retryAfter: nil, message: "who are you"))
        }
        if word(.quota, 10...900) {
            return .answered(.notAccepted(.quotaExhausted, retryAfter: nil, message: "pay"))
        }
        if word(.noChannel, 10...900), String(decoding: payload, as: UTF8.self).contains(#""model":"m0""#) {
            return .answered(.notAccepted(.providerUnreachable, retryAfter: nil, message: "no channel"))
        }
        if weather.strikes(.tooMany) {
            let wish: Duration? = weather.pick(0...2) == 0 ? nil : .seconds(weather.pick(1...120))
            return .answered(.notAccepted(.rateLimited, retryAfter: wish, message: "slowly"))
        }
        if weather.strikes(.refused) {
            return .answered(
                .refused(FailureReason(code: "invalid_parameters", message: "no", httpStatus: 422)))
        }
        if weather.strikes(.lostBefore) { return .lost }
        if weather.strikes(.neverAnswered) { return .silent(accepts: weather.pick(0...1) == 0) }
        return .accepted(isReceived: !weather.strikes(.lostAfter))
    }

    private func meet(_ fate: Fate, _ id: TaskID, _ number: Int) async -> SubmissionVerdict {
        switch fate {
        case .answered(let verdict):
            return verdict
        case .accepted(let isReceived):
            let providerTaskID = accept(id, number)
            await clock.pause(weather, milliseconds: 1...2000)
            let report = ProviderReport(.pending, estimatedSeconds: weather.pick(20...90))
            return isReceived
                ? .accepted(providerTaskID, report) : .unknown(LostReply("cut after it was taken"))
        case .lost:
            return .unknown(LostReply("cut"))
        case .silent(let accepts):
            if accepts { _ = accept(id, number) }
            await clock.pause(weather, milliseconds: 60_000...60_000)
            return .unknown(LostReply("timed out"))
        }
    }

    private func accept(_ id: TaskID, _ number: Int) -> ProviderTaskID {
        let now = clock.monotonic()
        let seconds = weather.strikes(.takesLong) ? weather.pick(300...9000) : weather.pick(5...200)
        let ending: SimulatedProviderTask.Ending =
            weather.strikes(.neverEnds) ? .none : weather.strikes(.failsThere) ? .failure : .video
        let forgotten = weather.strikes(.forgotten) ? now + .seconds(weather.pick(0...600)) : nil
        let empty = weather.strikes(.emptyAtFirst) ? weather.pick(1...6) : 0
        let providerTaskID = ProviderTaskID("theirs-\(number)")
        note(.accepted(id, number: number))
        state.withLock { state in
            state.tasks[providerTaskID] = SimulatedProviderTask(
                taskID: id, ends: now + .seconds(seconds), ending: ending, forgotten: forgotten,
                emptyReads: empty)
        }
        return providerTaskID
    }

    private func outcome(_ id: ProviderTaskID, at now: MonotonicTime) -> PollOutcome {
        if weather.isSeason(of: .credentials, at: now, seconds: 10...900) {
            return .credentialsRejected(message: "who are you")
        }
        if weather.isSeason(of: .unreachable, at: now, seconds: 5...300) || weather.strikes(.pollFails) {
            let wish: Duration? = weather.pick(0...2) == 0 ? .seconds(weather.pick(1...60)) : nil
            return .unavailable(message: "503", retryAfter: wish)
        }
        guard let task = task(id), task.forgotten.map({ now < $0 }) ?? true else {
            return .notKnown(message: "404")
        }
        if weather.strikes(.pollUnknownWord) { return .report(ProviderReport(.unknown("resting"))) }
        guard now >= task.ends else {
            return .report(ProviderReport(.processing, progress: weather.pick(0...100)))
        }
        return .report(ending(of: id, task, at: now))
    }

    private func ending(
        of id: ProviderTaskID, _ task: SimulatedProviderTask, at now: MonotonicTime
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
            let life = weather.strikes(.linksDieYoung) ? weather.pick(0...30) : 86_400
            let link: String = state.withLock { state in
                state.linkCount += 1
                let link = "https://results/\(id)?signature=\(state.linkCount)"
                state.links[link] = now + .seconds(life)
                return link
            }
            return ProviderReport(.completed, progress: 100, links: [link])
        }
    }
}
