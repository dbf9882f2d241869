import JSONText
import Testing

/// Every kind of issue that the comparison of the ledgers must find.
@Suite struct LedgerComparisonTests {
    private static let names = ["admitted", "sending", "accepted", "archiving", "completed"]

    private static func task(
        _ state: String = "completed", _ names: [String] = names
    ) -> StoreLedger.Task {
        var task = StoreLedger.Task(id: "task-1", prompt: "a job", state: state, version: names.count)
        task.attempts = 1
        task.providerTaskID = "provider-1"
        task.sha256 = "abc"
        task.events = names.enumerated().map {
            StoreLedger.Event(number: $0.offset + 1, at: 0, name: $0.element)
        }
        return task
    }

    private static func create(_ id: String? = "provider-1") -> ProviderLedger.Create {
        ProviderLedger.Create(prompt: "a job", taskID: id, time: 1)
    }

    private static func clients(_ observedState: ObservedState? = nil) -> ClientLedger.Record {
        var record = ClientLedger.Record()
        record.jobs["a job"] = ClientJob(prompt: "a job", key: "a key", posts: 1, ids: ["task-1"])
        record.observedStates["task-1"] = observedState.map { [$0] } ?? []
        return record
    }

    private static func compare(
        _ clients: ClientLedger.Record = clients(), _ tasks: [StoreLedger.Task] = [task()],
        _ creates: [ProviderLedger.Create] = [create()], file: String = "abc"
    ) -> [LedgerComparison.Issue.Kind] {
        var comparison = LedgerComparison(
            clients: clients, store: StoreLedger(tasks: tasks, keys: ["a key": "task-1"]),
            provider: ProviderLedger(creates: creates))
        comparison.files["task-1"] = file
        comparison.served["task-1"] = "abc"
        comparison.run()
        return comparison.issues.map(\.kind)
    }

    @Test func `three ledgers that agree have no issue`() {
        #expect(Self.compare() == [])
        #expect(Self.compare(Self.clients(ObservedState(state: "running", version: 3))) == [])
    }

    @Test func `a job that is missing in the store is found`() {
        #expect(Self.compare(Self.clients(), [], []) == [.lost])
        #expect(Self.compare(Self.clients(), [], [Self.create()]) == [.lost, .lost])
    }

    @Test func `a job that never ended is found`() {
        let names = ["admitted", "sending", "accepted"]
        #expect(Self.compare(Self.clients(), [Self.task("running", names)]) == [.lost])
    }

    @Test func `a second purchase is found`() {
        let found = Self.compare(Self.clients(), [Self.task()], [Self.create(), Self.create("another")])
        #expect(found.count { $0 == .boughtTwice } == 2)
    }

    @Test func `a received state that is not durable is found`() {
        #expect(Self.compare(Self.clients(ObservedState(state: "completed", version: 4))) == [.other])
        #expect(Self.compare(Self.clients(ObservedState(state: "completed", version: 6))) == [.other])
    }

    @Test func `a step backwards is found`() {
        let names = ["admitted", "sending", "accepted", "sending", "accepted", "archiving", "completed"]
        #expect(!Self.compare(Self.clients(), [Self.task("completed", names)]).isEmpty)
    }

    @Test func `content with another hash is found`() {
        #expect(Self.compare(Self.clients(), [Self.task()], [Self.create()], file: "abd") == [.lost])
    }

    @Test func `an uncertain task that was not sent is found`() {
        var task = Self.task("uncertain", ["admitted", "sending", "uncertain"])
        task.evidence = ["words": "cannot connect", "bytesSent": 0]
        #expect(Self.compare(Self.clients(), [task], []) == [.other])
        task.evidence = ["words": "cut", "bytesSent": 12]
        #expect(Self.compare(Self.clients(), [task], []) == [])
        task.evidence = ["words": "the gateway was stopped while the request was on its way"]
        #expect(Self.compare(Self.clients(), [task], []) == [])
    }

    @Test func `the most tasks at once are counted`() {
        let creates = [1.0, 1.1, 1.2].map { ProviderLedger.Create(prompt: "", taskID: "\($0)", time: $0) }
        let ledger = ProviderLedger(creates: creates)
        #expect(ledger.mostAtOnce(of: ["1.0", "1.1", "1.2"], seconds: 0.15) == 2)
        #expect(ledger.mostAtOnce(of: ["1.0", "1.2"], seconds: 0.15) == 1)
    }
}
