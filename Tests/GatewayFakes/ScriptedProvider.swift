package import Gateway
import Synchronization
package import VideoJobs

/// A provider that returns scripted replies and records its calls.
package final class ScriptedProvider: VideoProvider {
    private struct State {
        var verdicts: [SubmissionVerdict] = []
        var rules: [(member: String, verdict: SubmissionVerdict)] = []
        var outcomes: [PollOutcome] = []
        var creates: [(id: TaskID, payload: [UInt8])] = []
        var polls: [ProviderTaskID] = []
        var models: [String]?
        var holding = false
        var holdingPolls = false
        var held: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Appends verdicts for the next creates. Without any, every job is accepted.
    package func respond(with verdicts: SubmissionVerdict...) { state.withLock { $0.verdicts += verdicts } }
    /// Sets the verdict for jobs whose payload contains a text; `nil` removes it.
    package func respond(with verdict: SubmissionVerdict?, toJobsWith member: String) {
        state.withLock { state in
            state.rules.removeAll { $0.member == member }
            if let verdict { state.rules.append((member, verdict)) }
        }
    }
    /// Appends outcomes for the next polls. Without any, every task is processing.
    package func report(_ outcomes: PollOutcome...) { state.withLock { $0.outcomes += outcomes } }
    /// Sets the list of models; `nil` for none, as at the beginning.
    package func list(_ models: [String]?) { state.withLock { $0.models = models } }
    /// Delays the replies to creates until `release()`.
    package func hold() { state.withLock { $0.holding = true } }
    /// Delays the replies to polls until `release()`.
    package func holdPolls() { state.withLock { $0.holdingPolls = true } }

    /// Sends all delayed replies and delays no further ones.
    package func release() {
        let held = state.withLock { state in
            defer { state.held = [] }
            state.holding = false
            state.holdingPolls = false
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    /// The tasks that were created, in order: those that a provider would bill.
    package var created: [TaskID] { state.withLock { $0.creates.map(\.id) } }
    package var payloads: [[UInt8]] { state.withLock { $0.creates.map(\.payload) } }
    package var polled: [ProviderTaskID] { state.withLock { $0.polls } }

    package func models() async -> ModelListing {
        state.withLock { state in
            state.models.map { .listed(Set($0)) } ?? .unsupported(message: "there is no list")
        }
    }

    package func create(_ payload: [UInt8], for id: TaskID) async -> SubmissionVerdict {
        let (holding, verdict) = state.withLock { state in
            state.creates.append((id, payload))
            let text = String(decoding: payload, as: UTF8.self)
            if let rule = state.rules.first(where: { text.contains($0.member) }) {
                return (state.holding, rule.verdict)
            }
            let verdict: SubmissionVerdict =
                state.verdicts.isEmpty
                ? .accepted(ProviderTaskID("provider-\(id)"), ProviderReport(.pending, estimatedSeconds: 45))
                : state.verdicts.removeFirst()
            return (state.holding, verdict)
        }
        if holding {
            await withCheckedContinuation { continuation in state.withLock { $0.held.append(continuation) } }
        }
        return verdict
    }

    package func poll(_ id: ProviderTaskID) async -> PollOutcome {
        let (holding, outcome): (Bool, PollOutcome) = state.withLock { state in
            state.polls.append(id)
            let outcome =
                state.outcomes.isEmpty
                ? .report(ProviderReport(.processing, progress: 10)) : state.outcomes.removeFirst()
            return (state.holdingPolls, outcome)
        }
        if holding {
            await withCheckedContinuation { continuation in state.withLock { $0.held.append(continuation) } }
        }
        return outcome
    }
}
