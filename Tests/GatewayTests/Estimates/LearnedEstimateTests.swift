import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// Estimates that are learned from completed tasks, and tasks that are slow by them.
@Suite struct LearnedEstimateTests {
    private let harness = makeHarness()

    private func admit(model: String = "m", resolution: String? = nil) throws -> TaskID {
        let job = VideoJob(model: model, payload: [7], estimatedSeconds: 60, resolution: resolution)
        return try #require(harness.run { try await $0.admit(job, client: "open") }.result).get().record.id
    }

    /// Completes a task about that many seconds after its admission. Returns its duration.
    @discardableResult
    private func complete(_ id: TaskID, after seconds: Int) throws -> Duration {
        harness.pass(.seconds(seconds))
        harness.provider.report(done)
        harness.pass(.seconds(60))
        let record = try harness.record(id)
        #expect(record.state == .completed)
        return try #require(record.duration)
    }

    private func estimate(of id: TaskID) throws -> Int? { try harness.record(id).estimatedSeconds }

    @Test func `the median of ten tasks replaces the estimates of catalog and provider`() throws {
        var durations: [Duration] = []
        for number in 0..<10 {
            let id = try admit()
            #expect(try estimate(of: id) == 45, "the provider's")
            durations.append(try complete(id, after: 10 * number))
        }
        let median = durations.sorted()[4]
        let learned = Int((median + .milliseconds(999)).components.seconds)
        #expect(learned != 45)
        #expect(try estimate(of: admit()) == learned)
        // The first one is sent at once, the others wait.
        harness.provider.hold()
        #expect(try estimate(of: admit()) == learned)
        let job = VideoJob(model: "m", payload: [7], estimatedSeconds: 60)
        let operatorCaller = Caller(client: "open", isOperator: true)
        let quote = harness.run { try await $0.quote(job, for: operatorCaller) }.result
        #expect(try quote?.get().estimatedSeconds == learned)
        harness.provider.release()
    }

    @Test func `each model and each resolution has its own estimate`() throws {
        for _ in 0..<10 { try complete(admit(resolution: "720p"), after: 20) }
        let other = try [admit(resolution: "1080p"), admit(), admit(model: "n", resolution: "720p")]
        for id in other { #expect(try estimate(of: id) == 45) }
        #expect(try estimate(of: admit(resolution: "720p")) != 45)
    }

    @Test func `what was learned outlasts a restart`() throws {
        for _ in 0..<10 { try complete(admit(), after: 20) }
        let learned = try estimate(of: admit())
        harness.restart()
        #expect(try estimate(of: admit()) == learned)
        #expect(learned != 45)
    }

    @Test func `a store that cannot be read at the start costs the estimates, and no job`() throws {
        let other = GatewayHarness()
        other.store.fail(with: .unavailable("gone"))
        let history = DurationHistory(
            ports: other.gateway.services.ports, health: other.gateway.services.storeHealth)
        _ = other.executor.start { await history.load() }
        #expect(history.estimatedSeconds(model: "m", resolution: nil) == nil)
        #expect(other.log.lines.contains { $0.contains("durations of earlier tasks cannot be read") })
    }

    @Test func `a task is slow once it takes longer than 95 of 100 earlier ones`() throws {
        var longest = Duration.zero
        for _ in 0..<10 { longest = max(longest, try complete(admit(), after: 20)) }
        let id = try admit()
        // Rounded up to a second, like the estimate.
        harness.pass(.seconds((longest + .milliseconds(999)).components.seconds))
        #expect(try harness.record(id).isSlow == false)
        harness.pass(.milliseconds(1))
        #expect(try harness.record(id).isSlow)
        let version = try harness.record(id).version
        harness.pass(.milliseconds(1))
        #expect(try harness.record(id).version == version, "it is found once")
        try complete(id, after: 0)
        #expect(try harness.record(id).isSlow, "it stays a slow one")
    }

    @Test func `a task that became slow while the gateway was down is found after the start`() throws {
        for _ in 0..<10 { try complete(admit(), after: 20) }
        let id = try admit()
        harness.clock.advance(by: .seconds(3600))
        harness.restart()
        harness.pass(.milliseconds(1))
        #expect(try harness.record(id).isSlow)
    }

    @Test func `a clock that jumps ahead makes no task slow`() throws {
        for _ in 0..<10 { try complete(admit(), after: 20) }
        let id = try admit()
        harness.clock.jump(by: .seconds(86_400))
        harness.pass(.seconds(10))
        #expect(try harness.record(id).isSlow == false)
    }

    @Test func `nothing is slow while too little is known, nor a task that waits`() throws {
        let harness = makeHarness { $0.maxInFlight = 1 }
        let running = try harness.admit().record.id
        let waiting = try harness.admit().record.id
        harness.pass(.seconds(3600))
        #expect(try harness.record(running).isSlow == false)
        #expect(try harness.record(waiting).state == .queued)
        #expect(try harness.record(waiting).isSlow == false)
    }
}
