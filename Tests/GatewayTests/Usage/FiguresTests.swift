import GatewayFakes
import Synchronization
import Testing
import VideoJobs

@testable import Gateway

/// The figures for monitoring: what they show, and what they cost a store.
@Suite struct FiguresTests {
    private let usage = GatedUsage()

    private func figures(of harness: GatewayHarness) throws -> GatewayFigures {
        let work = harness.run { await $0.figures() }
        return try #require(work.result).get()
    }

    @Test func `they count tasks by state, and name what keeps jobs from being sent`() throws {
        let harness = GatewayHarness()
        harness.provider.respond(
            with: .accepted(ProviderTaskID("p-1"), ProviderReport(.pending)),
            .blocked(.credentialsRejected, retryAfter: nil, message: "401"))
        try harness.submit(2)
        let shown = try figures(of: harness)
        let states = shown.stored?.totals.sums.reduce(into: [:]) { $0[$1.key.state] = $1.value.jobs }
        #expect(states == [.running: 1, .queued: 1])
        #expect(shown.pauses == ["provider_credentials_rejected"])
        #expect(shown.stored?.totals.oldestUncertain == nil)
        #expect(shown.linkLifetime == nil)
    }

    @Test func `they show how long the first link of a result that is not copied lives`() throws {
        let harness = GatewayHarness()
        harness.archive.refuse("https://x/1.mp4", with: .transfer(message: "cut"))
        try harness.submit(1)
        harness.provider.report(.report(ProviderReport(.completed, links: ["https://x/1.mp4"])))
        harness.pass(.seconds(60))
        let life = try #require(try figures(of: harness).linkLifetime)
        #expect(life > .seconds(23 * 3600) && life <= .seconds(24 * 3600))
        harness.archive.refuse("https://x/1.mp4", with: nil)
        harness.pass(.seconds(3600))
        #expect(try figures(of: harness).linkLifetime == nil)
    }

    @Test func `a store is read at most once a second, for all callers together`() throws {
        let harness = GatewayHarness(replacing: { $0.usage = usage })
        for _ in 0..<5 { _ = try figures(of: harness) }
        #expect(usage.reads == 1)
        harness.pass(.seconds(1))
        for _ in 0..<5 { _ = try figures(of: harness) }
        #expect(usage.reads == 2)
    }

    @Test func `while a store does not respond, they are those of the last time after two seconds`() throws {
        let harness = GatewayHarness(replacing: { $0.usage = usage })
        usage.close()
        let first = harness.run { await $0.figures() }
        let second = harness.run { await $0.figures() }
        #expect(first.result == nil)
        harness.pass(.seconds(2))
        #expect(try #require(first.result).get().stored == nil)
        #expect(try #require(second.result).get().stored == nil)
        #expect(usage.reads == 1)
        usage.open()
        harness.pass(.zero)
        #expect(try figures(of: harness).stored?.totals == TaskTotals())
        harness.pass(.seconds(5))
        usage.close()
        let third = harness.run { await $0.figures() }
        harness.pass(.seconds(2))
        #expect(try #require(third.result).get().stored?.totals == TaskTotals())
    }

    @Test func `while a store fails, they are those of the last time, and say why`() throws {
        let harness = GatewayHarness()
        try harness.submit(1)
        let before = try figures(of: harness)
        harness.pass(.seconds(2))
        harness.store.fail(with: .unavailable("gone"))
        let shown = try figures(of: harness)
        #expect(shown.stored == before.stored)
        #expect(shown.pauses == ["store_unavailable"])
    }
}

/// Totals of an empty store, which come when a gate is open.
private final class GatedUsage: UsageStore {
    private struct State {
        var reads = 0
        var isOpen = true
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    var reads: Int { state.withLock { $0.reads } }

    func close() { state.withLock { $0.isOpen = false } }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func totals() async throws(StoreError) -> TaskTotals {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                state.reads += 1
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
        return TaskTotals()
    }

    func usage(matching query: UsageQuery) async throws(StoreError) -> [String: UsageSum] { [:] }
    func openTasks() async throws(StoreError) -> [String: Int] { [:] }
}

extension GatewayHarness {
    /// Admits jobs of the client of open access.
    fileprivate func submit(_ count: Int) throws {
        for number in 1...count {
            let job = VideoJob(model: "m", payload: Array("{\"n\":\(number)}".utf8))
            let work = run { try await $0.admit(job, for: .open) }
            _ = try #require(work.result).get()
        }
    }
}
