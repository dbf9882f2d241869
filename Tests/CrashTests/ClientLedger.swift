import Synchronization

/// What the clients of one store received from all gateways that served it.
final class ClientLedger: Sendable {
    /// The next action of a client.
    enum Step: Sendable {
        case post(prompt: String, key: String?)
        case read(String)
        case stop
    }

    struct Record: Sendable {
        var jobs: [String: ClientJob] = [:]
        /// Every state of a task that a client received.
        var observedStates: [String: Set<ObservedState>] = [:]
        /// Responses that violate the contract.
        var anomalies: [String] = []
    }

    fileprivate struct State {
        var record = Record()
        /// Jobs with a key and no response yet.
        var unanswered: [String] = []
        /// How many new jobs the current gateway may still get.
        var quota = 0
        /// Tasks that no client has seen in a terminal state.
        var open: Set<String> = []
    }

    private let name: String
    private let state = Mutex(State())

    /// - Parameter name: the prefix of every prompt, unique for each store.
    init(name: String) { self.name = name }

    var record: Record { state.withLock { $0.record } }

    /// Sets how many new jobs the next gateway may get.
    func allow(_ jobs: Int) { state.withLock { $0.quota = jobs } }

    /// Chooses the next action of a client, with two random numbers in 0..<1.
    func next(_ one: Double, _ two: Double) -> Step {
        state.withLock { state in
            if let prompt = state.unanswered.last, one < 0.5 || state.quota == 0 {
                state.unanswered.removeLast()
                return state.post(prompt)
            }
            if state.quota > 0 {
                state.quota -= 1
                let prompt = "\(name), job \(state.record.jobs.count + 1)"
                let key = two < 0.5 ? "key-of-\(state.record.jobs.count + 1)" : nil
                state.record.jobs[prompt] = ClientJob(prompt: prompt, key: key)
                return state.post(prompt)
            }
            if one < 0.1, let job = state.record.jobs.values.first(where: { $0.key != nil }) {
                // This job has a response already: the same key must return the same task.
                return state.post(job.prompt)
            }
            let open = state.open.sorted()
            return open.isEmpty ? .stop : .read(open[Int(two * Double(open.count))])
        }
    }

    /// Records the response to a POST; `nil` if there was none.
    func recordResponse(_ response: ClientResponse?, toJob prompt: String) {
        state.withLock { state in
            let id = response?.taskID
            state.record.jobs[prompt]?.responses.append(response.map(Self.message) ?? "none")
            if let id {
                state.record.jobs[prompt]?.ids.insert(id)
                state.open.insert(id)
            } else if let job = state.record.jobs[prompt], job.key != nil, job.ids.isEmpty {
                state.unanswered.append(prompt)
            }
            guard let response else { return }
            if let id { state.observe(response, of: id) }
            if id == nil, response.status != 503 { state.addAnomaly("POST of \(prompt)", response) }
            if id != nil, response["x-should-retry"] != "false" {
                state.addAnomaly("POST of \(prompt) without x-should-retry", response)
            }
        }
    }

    /// Records the response to a GET; `nil` if there was none.
    func recordResponse(_ response: ClientResponse?, toReading id: String) {
        guard let response else { return }
        state.withLock { state in
            guard response.status == 200 else { return state.addAnomaly("GET of \(id)", response) }
            state.observe(response, of: id)
        }
    }

    private static func message(_ response: ClientResponse) -> String {
        let state = response.observedState.map { "\($0.state) v\($0.version)" }
        return "\(response.status) \(state ?? String(response.text.prefix(80)))"
    }
}

extension ClientLedger.State {
    fileprivate mutating func post(_ prompt: String) -> ClientLedger.Step {
        record.jobs[prompt]?.posts += 1
        return .post(prompt: prompt, key: record.jobs[prompt]?.key)
    }

    fileprivate mutating func observe(_ response: ClientResponse, of id: String) {
        guard let observedState = response.observedState else { return }
        record.observedStates[id, default: []].insert(observedState)
        if ["completed", "failed", "uncertain", "cancelled"].contains(observedState.state) {
            open.remove(id)
        }
    }

    fileprivate mutating func addAnomaly(_ request: String, _ response: ClientResponse) {
        record.anomalies.append("\(request): \(response.status) \(response.text)")
    }
}
