import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

@Suite struct TaskWaitTests {
    private let harness = GatewayHarness()

    private var waits: TaskWaits { harness.gateway.services.repository.feed.waits }

    private func wait(
        for id: TaskID, seconds: Int, current: @escaping @Sendable () -> Caller? = { .open }
    ) -> StartedWork<Result<TaskView?, any Error>> {
        harness.run {
            try await $0.wait(
                for: id, atMost: .seconds(seconds), for: WaitingCaller(.open, current: current)
            ) { $0.version > 3 }
        }
    }

    @Test func `ten thousand callers wait with one timer, and one change resumes them all`() throws {
        let id = try harness.admit().record.id
        let started = (0..<10_000).map { wait(for: id, seconds: 100 + $0 % 200) }
        #expect(waits.count == 10_000)
        #expect(harness.clock.sleeperCount < 20)
        harness.pass(.seconds(20))
        #expect(waits.count == 0)
        #expect(started.allSatisfy { (try? $0.result?.get()?.record.version) == 4 })
    }

    @Test func `each caller is resumed at its own deadline`() throws {
        harness.provider.holdPolls()
        let id = try harness.admit().record.id
        let started = [3, 1, 2].map { wait(for: id, seconds: $0) }
        for second in 1...3 {
            #expect(started.count { $0.result != nil } == second - 1)
            harness.pass(.seconds(1))
        }
        #expect(started.allSatisfy { $0.result != nil })
        harness.provider.release()
    }

    @Test func `a cancelled caller leaves nothing behind`() throws {
        let id = try harness.admit().record.id
        let started = wait(for: id, seconds: 300)
        #expect(waits.count == 1)
        started.cancel()
        harness.executor.runUntilIdle()
        #expect(waits.count == 0)
        #expect(started.result != nil)
    }

    @Test func `a change of tokens ends the wait of a caller that lost its access, and of no other`() throws {
        let id = try harness.admit().record.id
        let revoked = wait(for: id, seconds: 300) { nil }
        let kept = wait(for: id, seconds: 300)
        let hidden = wait(for: id, seconds: 300) { Caller(client: "other", isOperator: false) }
        harness.gateway.policy.advance()
        harness.executor.runUntilIdle()
        #expect(throws: GatewayError.accessEnded) { try revoked.result?.get() }
        #expect(kept.result == nil)
        #expect(try hidden.result?.get() == nil)
        #expect(hidden.result != nil)
    }

    @Test func `a limiter permits so many at once`() {
        let limiter = StreamLimiter(limit: 2)
        var permits = [limiter.permit(), limiter.permit()]
        #expect(limiter.permit() == nil)
        permits.removeLast()
        #expect(limiter.count == 1)
        #expect(limiter.permit() != nil)
    }
}
