import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// Recovery of the tasks that the store grants to this gateway.
@Suite struct RecoveryClaimTests {
    @Test func `a task that another gateway is sending becomes uncertain only after that one's lease`()
        async throws
    {
        let harness = makeHarness()
        harness.provider.hold()
        let id = try harness.admit().record.id
        let store = harness.store
        // As if the other gateway had claimed it at the start of a lease of its own.
        let clock = harness.clock
        clock.jump(by: .seconds(31))
        let other = try await store.beginClaim(owner: "other", at: clock.now(), lease: .seconds(30))
        // The task was admitted by this gateway, which never claimed it.
        #expect(try await store.claimTasksWithWork(other, after: nil, limit: 9)?.map(\.id) == [id])
        harness.restart()
        #expect(store.durable.map(\.state) == [.sending])
        clock.jump(by: .seconds(30))
        harness.restart()
        #expect(store.durable.map(\.state) == [.uncertain])
    }

    @Test func `a gateway recovers its own tasks at every start, whatever its earlier lease`() throws {
        let harness = makeHarness()
        harness.provider.hold()
        let id = try harness.admit().record.id
        harness.restart()
        #expect(try harness.state(id) == .uncertain)
        harness.restart()
        #expect(try harness.state(id) == .uncertain)
        #expect(harness.store.durable.map(\.version) == [3])
    }

    @Test func `a full store keeps no task from being recovered`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        harness.provider.report(.report(ProviderReport(.processing, progress: 50)))
        harness.store.fail(with: .full("no space"), reads: false)
        harness.restart()
        harness.executor.runUntilIdle()
        #expect(harness.gateway.cachedTask(id.text)?.state == .running)
    }

    @Test func `a claim that is lost in the middle of recovery does not end it as if all were recovered`()
        async throws
    {
        let store = MemoryTaskStore()
        for number in 0..<3 {
            let record = TaskRecord(
                id: TaskID("t\(number)"), job: VideoJob(model: "m", payload: []), client: "c",
                created: Timestamp(milliseconds: 0))
            _ = try await store.admit(NewTask(record: record, payload: []))
        }
        let ports = GatewayPorts(
            store: store, provider: ScriptedProvider(), archive: MemoryArchive(), clock: ManualClock())
        var tasks = try await ClaimedTasks(ports, GatewaySettings())
        _ = try await ClaimedTasks(ports, GatewaySettings())
        await #expect(throws: StoreError.self) { _ = try await tasks.next() }
    }
}
