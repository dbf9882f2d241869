import JSONText

/// Compares what clients received, what the store holds, and what the provider received and bills.
///
/// A pure value, so that a test can show every issue that it must find.
struct LedgerComparison {
    /// A violated guarantee, with all three views of its job.
    struct Issue: CustomStringConvertible, Sendable {
        enum Kind: Sendable { case lost, boughtTwice, other }

        var kind: Kind
        var message: String
        var views: String

        var description: String { "\(message)\n\(views)" }
    }

    let clients: ClientLedger.Record
    let store: StoreLedger
    let provider: ProviderLedger
    /// The SHA-256 of each archived file, by task.
    var files: [String: String] = [:]
    /// The SHA-256 of the content that the gateway served, by task.
    var served: [String: String] = [:]

    private(set) var issues: [Issue] = []

    init(clients: ClientLedger.Record, store: StoreLedger, provider: ProviderLedger) {
        self.clients = clients
        self.store = store
        self.provider = provider
    }

    /// Compares everything.
    mutating func run() {
        for job in clients.jobs.values.sorted(by: { $0.prompt < $1.prompt }) { check(job) }
        for task in store.tasks.values.sorted(by: { $0.id < $1.id }) {
            checkEvents(task)
            checkPurchases(task)
            if task.state == "uncertain" { checkCause(task) }
            if task.state == "completed" { checkContent(task) }
        }
        for create in provider.creates where create.taskID != nil && tasks(of: create.prompt).isEmpty {
            add(.lost, "the provider was paid for a job that the store does not know", create.prompt)
        }
        for message in clients.anomalies { add(.other, message, "") }
    }

    private func tasks(of prompt: String) -> [StoreLedger.Task] {
        store.tasks.values.filter { $0.prompt == prompt }
    }

    private mutating func check(_ job: ClientJob) {
        let tasks = tasks(of: job.prompt)
        if tasks.count > 1 { add(.boughtTwice, "one job became \(tasks.count) tasks", job.prompt) }
        if provider.accepted(of: job.prompt) > 1 {
            add(.boughtTwice, "the provider accepted one job more than once", job.prompt)
        }
        if job.ids.count > 1 { add(.boughtTwice, "a client received several task ids", job.prompt) }
        for id in job.ids {
            guard let task = store.tasks[id], task.prompt == job.prompt else {
                add(.lost, "a client received \(id), which is not in the store", job.prompt)
                continue
            }
            if !["completed", "failed", "uncertain"].contains(task.state) {
                add(.lost, "\(id) has not ended", job.prompt)
            }
        }
        guard let key = job.key else { return }
        if job.ids.isEmpty { add(.lost, "a client with a key got no task", job.prompt) }
        if let id = job.ids.first, store.keys[key] != id {
            add(.other, "the key leads to \(store.keys[key] ?? "nothing") and not to \(id)", job.prompt)
        }
    }

    /// Requires that the events are a legal history of the task, with every state that a client received.
    private mutating func checkEvents(_ task: StoreLedger.Task) {
        let replay = EventReplay(task.events)
        if let issue = replay.issue { add(.other, "\(task.id): \(issue)", task.prompt) }
        if replay.states.last != task.state || replay.states.count != task.version {
            add(.other, "the events of \(task.id) do not lead to its state", task.prompt)
        }
        for observedState in clients.observedStates[task.id] ?? [] {
            let index = observedState.version - 1
            guard replay.states.indices.contains(index), replay.states[index] == observedState.state else {
                let message = "\(observedState.state) v\(observedState.version)"
                add(.other, "a client saw \(task.id) as \(message), which was not durable", task.prompt)
                continue
            }
        }
    }

    /// Requires that the task and the provider agree on the accepted creates.
    private mutating func checkPurchases(_ task: StoreLedger.Task) {
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
            add(.lost, "\(task.id) was accepted by the provider without a record", task.prompt)
        }
    }

    /// Requires that no task is uncertain although it provably was not sent.
    private mutating func checkCause(_ task: StoreLedger.Task) {
        let evidence = task.evidence
        if UncertainCause(task) == .stopped {
            guard task.events.dropLast().last?.name != "sending" else { return }
            return add(.other, "\(task.id) is uncertain and was never sent", task.prompt)
        }
        if (evidence?["bytesSent"]?.integer ?? 0) <= 0, evidence?["status"]?.integer == nil {
            add(.other, "\(task.id) is uncertain without evidence that a byte was sent", task.prompt)
        }
    }

    private mutating func checkContent(_ task: StoreLedger.Task) {
        guard let hash = task.sha256 else {
            return add(.lost, "\(task.id) is completed without a result", task.prompt)
        }
        if files[task.id] != hash { add(.lost, "the file of \(task.id) is not \(hash)", task.prompt) }
        if served[task.id] != hash {
            add(.lost, "the served content of \(task.id) is not \(hash)", task.prompt)
        }
    }

    private mutating func add(_ kind: Issue.Kind, _ message: String, _ prompt: String) {
        issues.append(Issue(kind: kind, message: message, views: views(of: prompt)))
    }

    /// Returns what each of the three knows of a job.
    private func views(of prompt: String) -> String {
        let job = clients.jobs[prompt]
        let key = job?.key == nil ? "no key" : "a key"
        let responses = job?.responses.joined(separator: "; ") ?? ""
        var lines = ["  clients: \"\(prompt)\", \(key), \(job?.posts ?? 0) POSTs, received: \(responses)"]
        for task in tasks(of: prompt) {
            let events = task.events.map { "\($0.number) \($0.name) at \($0.at)" }.joined(separator: ", ")
            let evidence = task.evidence.map { String(decoding: $0.serialized(), as: UTF8.self) } ?? "none"
            let providerTaskID = task.providerTaskID ?? "none"
            lines.append(
                "  store: \(task.id) \(task.state) v\(task.version), provider task \(providerTaskID)"
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
