import JSONText

/// Compares what clients were told, what the store holds, and what the provider was asked and would bill.
/// A value that decides and reads nothing, so that a test can show it each thing that it must find.
struct LedgerComparison {
    /// One broken promise, with all three views of its job.
    struct Violation: CustomStringConvertible, Sendable {
        enum Kind: Sendable { case lost, boughtTwice, other }

        var kind: Kind
        var message: String
        var views: String

        var description: String { "\(message)\n\(views)" }
    }

    let told: ClientLedger.Record
    let store: StoreLedger
    let provider: ProviderLedger
    /// SHA-256 of the archive's files, by task.
    var files: [String: String] = [:]
    /// SHA-256 of what the gateway served as a task's content.
    var served: [String: String] = [:]

    private(set) var violations: [Violation] = []

    init(told: ClientLedger.Record, store: StoreLedger, provider: ProviderLedger) {
        self.told = told
        self.store = store
        self.provider = provider
    }

    /// Compares everything.
    mutating func run() {
        for job in told.jobs.values.sorted(by: { $0.prompt < $1.prompt }) { check(job) }
        for task in store.tasks.values.sorted(by: { $0.id < $1.id }) {
            checkWalk(task)
            checkMoney(task)
            if task.state == "uncertain" { checkCause(task) }
            if task.state == "completed" { checkContent(task) }
        }
        for create in provider.creates where create.taskID != nil && tasks(of: create.prompt).isEmpty {
            add(.lost, "the provider was paid for a job that the store does not know", create.prompt)
        }
        for message in told.oddities { add(.other, message, "") }
    }

    private func tasks(of prompt: String) -> [StoreLedger.Task] {
        store.tasks.values.filter { $0.prompt == prompt }
    }

    private mutating func check(_ job: ToldJob) {
        let tasks = tasks(of: job.prompt)
        if tasks.count > 1 { add(.boughtTwice, "one job became \(tasks.count) tasks", job.prompt) }
        if provider.accepted(of: job.prompt) > 1 {
            add(.boughtTwice, "the provider accepted one job more than once", job.prompt)
        }
        if job.ids.count > 1 { add(.boughtTwice, "a client was told of several tasks", job.prompt) }
        for id in job.ids {
            guard let task = store.tasks[id], task.prompt == job.prompt else {
                add(.lost, "a client was told of \(id), and the store does not hold it", job.prompt)
                continue
            }
            if !["completed", "failed", "uncertain"].contains(task.state) {
                add(.lost, "\(id) has not ended", job.prompt)
            }
        }
        guard let key = job.key else { return }
        if job.ids.isEmpty { add(.lost, "a client with a key never heard of its job", job.prompt) }
        if let id = job.ids.first, store.keys[key] != id {
            add(.other, "the key leads to \(store.keys[key] ?? "nothing") and not to \(id)", job.prompt)
        }
    }

    /// The events are a legal walk that ends where the task stands, and all that was told is in it.
    private mutating func checkWalk(_ task: StoreLedger.Task) {
        let walk = TaskWalk(task.events)
        if let fault = walk.fault { add(.other, "\(task.id): \(fault)", task.prompt) }
        if walk.states.last != task.state || walk.states.count != task.version {
            add(.other, "\(task.id) stands where its events do not lead", task.prompt)
        }
        for sighting in told.sightings[task.id] ?? [] {
            let index = sighting.version - 1
            guard walk.states.indices.contains(index), walk.states[index] == sighting.state else {
                let message = "\(sighting.state) v\(sighting.version)"
                add(.other, "a client saw \(task.id) as \(message), which was not durable", task.prompt)
                continue
            }
        }
    }

    /// The task and the provider agree on what was bought.
    private mutating func checkMoney(_ task: StoreLedger.Task) {
        let creates = provider.creates(of: task.prompt)
        let bought = creates.compactMap(\.taskID)
        if creates.count > task.attempts {
            add(.boughtTwice, "\(creates.count) creates for \(task.attempts) attempts", task.prompt)
        }
        let isKnown = task.events.contains { $0.name == "accepted" }
        if isKnown, bought != [task.providerTaskID] {
            add(.other, "\(task.id) is not the provider's \(bought)", task.prompt)
        }
        if !isKnown, task.state != "uncertain", !bought.isEmpty {
            add(.lost, "\(task.id) was bought and nobody knows", task.prompt)
        }
    }

    /// Nothing is uncertain that provably was not sent.
    private mutating func checkCause(_ task: StoreLedger.Task) {
        let evidence = task.evidence
        if UncertainCause(task) == .stopped {
            guard task.events.dropLast().last?.name != "sending" else { return }
            return add(.other, "\(task.id) is uncertain and was never on its way", task.prompt)
        }
        if (evidence?["bytesSent"]?.integer ?? 0) <= 0, evidence?["status"]?.integer == nil {
            add(.other, "\(task.id) is uncertain, and nothing says that a byte was sent", task.prompt)
        }
    }

    private mutating func checkContent(_ task: StoreLedger.Task) {
        guard let hash = task.sha256 else {
            return add(.lost, "\(task.id) is completed without a result", task.prompt)
        }
        if files[task.id] != hash { add(.lost, "the file of \(task.id) is not \(hash)", task.prompt) }
        if served[task.id] != hash { add(.lost, "what is served of \(task.id) is not \(hash)", task.prompt) }
    }

    private mutating func add(_ kind: Violation.Kind, _ message: String, _ prompt: String) {
        violations.append(Violation(kind: kind, message: message, views: views(of: prompt)))
    }

    /// What each of the three has of a job.
    private func views(of prompt: String) -> String {
        let job = told.jobs[prompt]
        let key = job?.key == nil ? "no key" : "a key"
        let answers = job?.answers.joined(separator: "; ") ?? ""
        var lines = ["  clients: \"\(prompt)\", \(key), \(job?.posts ?? 0) POSTs, told: \(answers)"]
        for task in tasks(of: prompt) {
            let events = task.events.map { "\($0.number) \($0.name) at \($0.at)" }.joined(separator: ", ")
            let evidence = task.evidence.map { String(decoding: $0.serialized(), as: UTF8.self) } ?? "none"
            let theirs = task.providerTaskID ?? "none"
            lines.append(
                "  store: \(task.id) \(task.state) v\(task.version), provider's \(theirs)"
                    + ", failure \(task.failureCode ?? "none"), evidence \(evidence): \(events)")
        }
        for create in provider.creates(of: prompt) {
            let status = create.status.map(String.init) ?? "none"
            lines.append(
                "  provider: create at \(create.time), \(create.taskID ?? "not accepted")"
                    + ", status \(status), script \(create.scripted ?? "none")"
            )
        }
        return lines.joined(separator: "\n")
    }
}

/// Why a task is uncertain.
enum UncertainCause: Hashable {
    /// The gateway was killed while the request was on its way.
    case stopped
    case answered(status: Int)
    /// The exchange was cut: the network's words.
    case cut(String)

    init(_ task: StoreLedger.Task) {
        let message = task.evidence?["words"]?.string ?? "no evidence"
        if let status = task.evidence?["status"]?.integer {
            self = .answered(status: Int(status))
        } else if message.hasPrefix("the gateway was stopped") {
            self = .stopped
        } else {
            self = .cut(message)
        }
    }

    var message: String {
        switch self {
        case .stopped: "the gateway was killed while the POST was on its way"
        case .answered(let status): "the answer was HTTP \(status), which proves nothing"
        case .cut(let message): "no answer: \(message)"
        }
    }
}
