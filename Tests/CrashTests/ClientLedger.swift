import Synchronization

/// One job of a client, and all that its POSTs were told.
struct ToldJob: Sendable {
    var prompt: String
    /// A client with a key repeats its POST until it is told; one without never does.
    var key: String?
    var posts = 0
    /// The tasks that answers named: one, if all is well.
    var ids: Set<String> = []
    /// Status and state of every answer, in order.
    var answers: [String] = []
}

/// What all clients of one store were told, over all gateways that served it.
final class ClientLedger: Sendable {
    /// What a client does next.
    enum ExternalWork: Sendable {
        case post(prompt: String, key: String?)
        case look(String)
        case leave
    }

    struct Record: Sendable {
        var jobs: [String: ToldJob] = [:]
        /// Every state that anybody saw of a task.
        var sightings: [String: Set<Sighting>] = [:]
        /// Answers that should never be given.
        var oddities: [String] = []
    }

    fileprivate struct State {
        var record = Record()
        /// Jobs with a key that nobody was told of.
        var owed: [String] = []
        /// New jobs that the present gateway may still be sent.
        var quota = 0
        /// Told, and not seen at an end.
        var open: Set<String> = []
    }

    private let name: String
    private let state = Mutex(State())

    /// - Parameter name: begins every prompt, which tells the jobs of one store from all others.
    init(name: String) { self.name = name }

    var record: Record { state.withLock { $0.record } }

    func allow(_ jobs: Int) { state.withLock { $0.quota = jobs } }

    /// Decides with two draws in 0..<1 what a client does next.
    func next(_ one: Double, _ two: Double) -> ExternalWork {
        state.withLock { state in
            if let prompt = state.owed.last, one < 0.5 || state.quota == 0 {
                state.owed.removeLast()
                return state.post(prompt)
            }
            if state.quota > 0 {
                state.quota -= 1
                let prompt = "\(name), job \(state.record.jobs.count + 1)"
                let key = two < 0.5 ? "key-of-\(state.record.jobs.count + 1)" : nil
                state.record.jobs[prompt] = ToldJob(prompt: prompt, key: key)
                return state.post(prompt)
            }
            if one < 0.1, let job = state.record.jobs.values.first(where: { $0.key != nil }) {
                // Told already: the same key must lead to the same task.
                return state.post(job.prompt)
            }
            let open = state.open.sorted()
            return open.isEmpty ? .leave : .look(open[Int(two * Double(open.count))])
        }
    }

    /// Notes what became of a POST.
    func note(_ heard: Heard?, of prompt: String) {
        state.withLock { state in
            let id = heard?.taskID
            state.record.jobs[prompt]?.answers.append(heard.map(Self.message) ?? "none")
            if let id {
                state.record.jobs[prompt]?.ids.insert(id)
                state.open.insert(id)
            } else if let job = state.record.jobs[prompt], job.key != nil, job.ids.isEmpty {
                state.owed.append(prompt)
            }
            guard let heard else { return }
            if let id { state.see(heard, of: id) }
            if id == nil, heard.status != 503 { state.odd("POST of \(prompt)", heard) }
            if id != nil, heard["x-should-retry"] != "false" {
                state.odd("POST of \(prompt) without x-should-retry", heard)
            }
        }
    }

    /// Notes what became of a GET.
    func note(_ heard: Heard?, look id: String) {
        guard let heard else { return }
        state.withLock { state in
            guard heard.status == 200 else { return state.odd("GET of \(id)", heard) }
            state.see(heard, of: id)
        }
    }

    private static func message(_ heard: Heard) -> String {
        "\(heard.status) \(heard.sighting.map { "\($0.state) v\($0.version)" } ?? heard.text.prefix(80) + "")"
    }
}

extension ClientLedger.State {
    fileprivate mutating func post(_ prompt: String) -> ClientLedger.ExternalWork {
        record.jobs[prompt]?.posts += 1
        return .post(prompt: prompt, key: record.jobs[prompt]?.key)
    }

    fileprivate mutating func see(_ heard: Heard, of id: String) {
        guard let sighting = heard.sighting else { return }
        record.sightings[id, default: []].insert(sighting)
        if ["completed", "failed", "uncertain", "cancelled"].contains(sighting.state) { open.remove(id) }
    }

    fileprivate mutating func odd(_ what: String, _ heard: Heard) {
        record.oddities.append("\(what): \(heard.status) \(heard.text)")
    }
}
