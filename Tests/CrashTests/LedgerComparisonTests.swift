import JSONText
import Testing

/// The comparison finds what it is there to find.
@Suite struct LedgerComparisonTests {
    private static let names = ["admitted", "sending", "accepted", "archiving", "completed"]

    private static func task(
        _ state: String = "completed", _ names: [String] = names
    ) -> StoreLedger.Task {
        var task = StoreLedger.Task(id: "task-1", prompt: "a job", state: state, version: names.count)
        task.attempts = 1
        task.providerTaskID = "theirs"
        task.sha256 = "abc"
        task.events = names.enumerated().map {
            StoreLedger.Event(number: $0.offset + 1, at: 0, name: $0.element)
        }
        return task
    }

    private static func create(_ id: String? = "theirs") -> ProviderLedger.Create {
        ProviderLedger.Create(prompt: "a job", taskID: id, time: 1)
    }

    private static func told(_ sighting: Sighting? = nil) -> ClientLedger.Record {
        var record = ClientLedger.Record()
        record.jobs["a job"] = ToldJob(prompt: "a job", key: "a key", posts: 1, ids: ["task-1"])
        record.sightings["task-1"] = sighting.map { [$0] } ?? []
        return record
    }

    private static func compare(
        _ told: ClientLedger.Record = told(), _ tasks: [StoreLedger.Task] = [task()],
        _ creates: [ProviderLedger.Create] = [create()], file: String = "abc"
    ) -> [LedgerComparison.Violation.Kind] {
        var comparison = LedgerComparison(
            told: told, store: StoreLedger(tasks: tasks, keys: ["a key": "task-1"]),
            provider: ProviderLedger(creates: creates))
        comparison.files["task-1"] = file
        comparison.served["task-1"] = "abc"
        comparison.run()
        return comparison.violations.map(\.kind)
    }

    @Test func `three ledgers that agree are no violation`() {
        #expect(Self.compare() == [])
        #expect(Self.compare(Self.told(Sighting(state: "running", version: 3))) == [])
    }

    @Test func `a job that the store has lost is found`() {
        #expect(Self.compare(Self.told(), [], []) == [.lost])
        #expect(Self.compare(Self.told(), [], [Self.create()]) == [.lost, .lost])
    }

    @Test func `a job that never ended is found`() {
        let names = ["admitted", "sending", "accepted"]
        #expect(Self.compare(Self.told(), [Self.task("running", names)]) == [.lost])
    }

    @Test func `a second purchase is found`() {
        let found = Self.compare(Self.told(), [Self.task()], [Self.create(), Self.create("another")])
        #expect(found.count { $0 == .boughtTwice } == 2)
    }

    @Test func `a state that was told and is not durable is found`() {
        #expect(Self.compare(Self.told(Sighting(state: "completed", version: 4))) == [.other])
        #expect(Self.compare(Self.told(Sighting(state: "completed", version: 6))) == [.other])
    }

    @Test func `a step backwards is found`() {
        let names = ["admitted", "sending", "accepted", "sending", "accepted", "archiving", "completed"]
        #expect(!Self.compare(Self.told(), [Self.task("completed", names)]).isEmpty)
    }

    @Test func `other bytes than the hash promises are found`() {
        #expect(Self.compare(Self.told(), [Self.task()], [Self.create()], file: "abd") == [.lost])
    }

    @Test func `an uncertain task of which nothing was sent is found`() {
        var task = Self.task("uncertain", ["admitted", "sending", "uncertain"])
        task.evidence = ["words": "cannot connect", "bytesSent": 0]
        #expect(Self.compare(Self.told(), [task], []) == [.other])
        task.evidence = ["words": "cut", "bytesSent": 12]
        #expect(Self.compare(Self.told(), [task], []) == [])
        task.evidence = ["words": "the gateway was stopped while the request was on its way"]
        #expect(Self.compare(Self.told(), [task], []) == [])
    }

    @Test func `more tasks at once than there are places are counted`() {
        let creates = [1.0, 1.1, 1.2].map { ProviderLedger.Create(prompt: "", taskID: "\($0)", time: $0) }
        let ledger = ProviderLedger(creates: creates)
        #expect(ledger.mostAtOnce(of: ["1.0", "1.1", "1.2"], seconds: 0.15) == 2)
        #expect(ledger.mostAtOnce(of: ["1.0", "1.2"], seconds: 0.15) == 1)
    }
}
