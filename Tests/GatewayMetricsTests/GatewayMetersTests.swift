import Gateway
import GatewayFakes
import Metrics
import Testing
import VideoJobs

@testable import GatewayMetrics

@Suite struct GatewayMetersTests {
    private let start = Timestamp(milliseconds: 1_795_000_000_000)

    private func record(_ state: TaskState, after seconds: Int, client: String = "open") -> TaskRecord {
        var record = TaskRecord(
            id: TaskID("task-1"), created: start, model: "veo", client: client, price: 400_000, state: state,
            version: 1)
        record.updated = start + .seconds(seconds)
        record.priceState = state.priceState ?? .freed
        return record
    }

    private func samples(_ name: String, of families: [MetricFamily]) -> [String: MetricSample.Value] {
        let found = families.first { $0.name == name }
        return Dictionary(
            uniqueKeysWithValues: (found?.samples ?? []).map {
                ($0.labels.map(\.value).joined(separator: " "), $0.value)
            })
    }

    /// The series of a counter that counted something.
    private func counts(_ name: String, of families: [MetricFamily]) -> [String: MetricSample.Value] {
        samples(name, of: families).filter { $0.value != .integer(0) }
    }

    @Test func `each change of state is counted once, and each part of a task's life is measured`() {
        let meters = GatewayMeters(now: { 0 })
        var states = [record(.queued, after: 0), record(.sending, after: 20), record(.running, after: 21)]
        states[2].accepted = start + .seconds(21)
        for (state, seconds) in [
            (TaskState.running, 40), (.archiving, 111), (.archiving, 112), (.completed, 116),
        ] {
            var next = record(state, after: seconds)
            next.accepted = states[2].accepted
            states.append(next)
        }
        for (index, record) in states.enumerated() {
            meters.observer.taskCommitted(
                CommittedChange(
                    sequence: Int64(index), record: record, before: index > 0 ? states[index - 1] : nil))
        }
        #expect(
            counts("reelgate_task_transitions_total", of: meters.families) == [
                "new queued": .integer(1), "queued sending": .integer(1), "sending running": .integer(1),
                "running archiving": .integer(1), "archiving completed": .integer(1),
            ])
        let durations = samples("reelgate_task_duration_seconds", of: meters.families)
        let sums = durations.mapValues { value -> Double in
            if case .histogram(let histogram) = value { histogram.sum } else { -1 }
        }
        #expect(
            sums == ["veo queue": 20, "veo provider": 90, "veo archive": 5, "veo total": 116])
    }

    @Test func `a change that is found late is counted without its earlier state`() {
        let meters = GatewayMeters(now: { 0 })
        meters.observer.taskCommitted(
            CommittedChange(sequence: 1, record: record(.completed, after: 9), isFoundLate: true))
        #expect(
            counts("reelgate_task_transitions_total", of: meters.families) == [
                "unknown completed": .integer(1)
            ])
        #expect(samples("reelgate_task_duration_seconds", of: meters.families).isEmpty)
    }

    @Test func `more clients than the limit share a series, and no money is lost`() {
        let meters = GatewayMeters(now: { 0 })
        var totals = TaskTotals()
        for number in 1...150 {
            let group = TaskTotals.Group(model: "veo", client: "client-\(number)", state: .completed)
            totals.sums[group] = UsageSum(jobs: 1, videos: 1, spent: 1_000_000)
        }
        let figures = Self.figures(totals)
        let spent = samples("reelgate_spend_usd_total", of: meters.families(of: figures))
        #expect(spent.count == 101)
        #expect(spent["veo other"] == .number(50))
        #expect(
            samples("reelgate_tasks", of: meters.families(of: figures)) == ["completed veo": .integer(150)])
        // The next scrape shows the same series.
        #expect(samples("reelgate_spend_usd_total", of: meters.families(of: figures)) == spent)
    }

    @Test func `without a store there are figures of all but the store`() {
        let meters = GatewayMeters(now: { 0 })
        var figures = Self.figures(TaskTotals())
        figures.stored = nil
        figures.pauses = ["store_unavailable", "a_new_reason"]
        let families = meters.families(of: figures)
        let paused = samples("reelgate_submission_paused", of: families)
        #expect(paused["store_unavailable"] == .integer(1))
        #expect(paused["a_new_reason"] == .integer(1))
        #expect(paused["store_restored"] == .integer(0))
        #expect(samples("reelgate_tasks", of: families).isEmpty)
        #expect(samples("reelgate_archive_bytes", of: families) == ["": .integer(7)])
        #expect(samples("reelgate_link_expiry_seconds_min", of: families) == ["": .number(.infinity)])
    }

    @Test func `a model that the provider does not list is shown, beyond the limit as one of the others`() {
        let meters = GatewayMeters(now: { 0 })
        var figures = Self.figures(TaskTotals())
        figures.modelsMissing = ["a": false, "b": true]
        #expect(
            samples("reelgate_model_missing", of: meters.families(of: figures))
                == ["a": .integer(0), "b": .integer(1)])
        figures.modelsMissing = Dictionary(
            uniqueKeysWithValues: (0..<1000).map { ("model-\($0)", $0 == 999) })
        let many = samples("reelgate_model_missing", of: meters.families(of: figures))
        #expect(many.count < 1000)
        #expect(many.values.filter { $0 == .integer(1) }.count == 1)
    }

    @Test func `uncertain tasks are shown with the age of the oldest`() {
        let meters = GatewayMeters(now: { 0 })
        var totals = TaskTotals(oldestUncertain: Self.now + .seconds(-90))
        totals.sums[TaskTotals.Group(model: "a", client: "b", state: .uncertain)] = UsageSum(jobs: 2, held: 5)
        let families = meters.families(of: Self.figures(totals))
        #expect(samples("reelgate_uncertain_tasks", of: families) == ["": .integer(2)])
        #expect(samples("reelgate_uncertain_oldest_seconds", of: families) == ["": .number(90)])
    }

    @Test func `calls of the ports are counted by their outcome`() async {
        let provider = ScriptedProvider()
        provider.respond(
            with: .unknown(LostReply("cut")), .refused(FailureReason(code: "x", message: "y")),
            .blocked(.providerUnreachable, retryAfter: nil, message: "no route"))
        provider.report(.notKnown(message: "gone"))
        var ports = GatewayPorts(
            store: MemoryTaskStore(), provider: provider, archive: MemoryArchive(), clock: ManualClock())
        ports.webhooks = ScriptedWebhooks()
        let meters = GatewayMeters(now: { 0 })
        meters.measure(&ports)
        for _ in 0..<4 { _ = await ports.provider.create([], for: TaskID("t")) }
        for _ in 0..<2 { _ = await ports.provider.poll(ProviderTaskID("p")) }
        ports.observePollLag(.milliseconds(30))
        #expect(
            counts("reelgate_provider_requests_total", of: meters.families) == [
                "create unknown": .integer(1), "create refused": .integer(1), "create not_sent": .integer(1),
                "create ok": .integer(1), "poll not_known": .integer(1), "poll ok": .integer(1),
            ])
        guard
            case .histogram(let lag)? = samples("reelgate_provider_poll_lag_seconds", of: meters.families)[""]
        else { Issue.record("no histogram of the lag"); return }
        #expect(lag.count == 1 && lag.sum == 0.03)
    }

    private static let now = Timestamp(milliseconds: 1_795_000_000_000)

    private static func figures(_ totals: TaskTotals) -> GatewayFigures {
        GatewayFigures(
            stored: StoredFigures(totals: totals, budgets: [], isCeilingReached: false), pauses: [],
            archiveBytes: 7, archiveFreeBytes: nil, linkLifetime: nil, now: now)
    }
}
