import GatewayFakes
import Synchronization
import Testing
import VideoJobs

@testable import Gateway

/// A gateway whose provider refuses some jobs and takes others.
@Suite struct RefusedJobTests {
    private let noChannel = SubmissionVerdict.notAccepted(
        .providerUnreachable, retryAfter: nil, message: "HTTP 503: no channel")

    private func payload(_ model: String, _ prompt: String) -> [UInt8] {
        Array(#"{"model":"\#(model)","prompt":"\#(prompt)"}"#.utf8)
    }

    private func waiting(_ world: World, _ id: TaskID) throws -> QueueStanding.Waiting? {
        let view = try world.run { try await $0.task(id.text) }.result?.get()
        return try #require(view ?? nil).standing?.waiting
    }

    @Test func `a refused job waits alone and shows why, others are sent`() throws {
        let world = makeWorld()
        world.provider.answer(noChannel, jobsWith: "fast")
        let fast = try world.admit(payload: payload("fast", "a")).record.id
        #expect(world.gateway.obstacles().map(\.code) == ["provider_unreachable"])
        let standard = try world.admit(payload: payload("standard", "b")).record.id
        #expect(try world.state(standard) == .running)
        #expect(world.gateway.obstacles().isEmpty)
        let shown = try #require(try waiting(world, fast))
        #expect(shown.obstacle == .providerUnreachable)
        #expect(shown.message == "HTTP 503: no channel")
        #expect(try #require(shown.next) > world.clock.now())
        world.provider.answer(nil, jobsWith: "fast")
        world.pass(.seconds(2))
        #expect(try world.state(fast) == .running)
        #expect(world.gateway.services.submissions.queue.withLock { $0.kinds.isEmpty })
    }

    @Test func `hundreds of jobs of a refused model do not delay the others, and are tried one at a time`()
        throws
    {
        let world = makeWorld { $0.maxInFlight = 1000 }
        world.provider.answer(noChannel, jobsWith: "fast")
        var standard: [TaskID] = []
        for number in 0..<300 {
            _ = try world.admit(payload: payload("fast", "f\(number)"))
            standard.append(try world.admit(payload: payload("standard", "s\(number)")).record.id)
        }
        world.pass(.seconds(1))
        for id in standard { #expect(try world.state(id) == .running) }
        #expect(world.provider.created.count - 300 <= 5)
        world.pass(.seconds(600))
        #expect(world.provider.created.count - 300 <= 25)
        #expect(world.gateway.obstacles().isEmpty)
        world.provider.answer(nil, jobsWith: "fast")
        world.pass(.seconds(125))
        #expect(Set(world.provider.created).count == 600)
    }

    @Test(arguments: [BlockReason.quotaExhausted, .credentialsRejected, .rateLimited])
    func `a provider that refuses everybody is tried seldom`(_ obstacle: BlockReason) throws {
        let world = makeWorld()
        let refusal = SubmissionVerdict.notAccepted(obstacle, retryAfter: nil, message: "no")
        world.provider.answer(refusal, jobsWith: "model")
        for number in 0..<50 { _ = try world.admit(payload: payload("m\(number % 3)", "p\(number)")) }
        #expect(world.provider.created.count == 2, "two unlike jobs")
        #expect(world.gateway.obstacles().map(\.code) == [obstacle.rawValue])
        world.pass(.seconds(600))
        #expect(world.provider.created.count <= 25)
        #expect(world.gateway.obstacles().map(\.code) == [obstacle.rawValue])
        world.provider.answer(nil, jobsWith: "model")
        world.pass(.seconds(301))
        #expect(world.gateway.obstacles().isEmpty)
        #expect(Set(world.provider.created).count >= 8)
    }

    @Test func `a rejected key blocks all at once`() throws {
        let world = makeWorld()
        let rejected = SubmissionVerdict.blocked(
            .credentialsRejected, retryAfter: nil, message: "HTTP 401: who")
        world.provider.answer(rejected, jobsWith: "fast")
        _ = try world.admit(payload: payload("fast", "a"))
        let standard = try world.admit(payload: payload("standard", "b")).record.id
        #expect(try world.state(standard) == .queued)
        #expect(world.provider.created.count == 1)
        #expect(world.gateway.obstacles().map(\.code) == ["provider_credentials_rejected"])
        #expect(try waiting(world, standard)?.obstacle == .credentialsRejected)
    }

    @Test func `after a restart a refused job still shows why, and holds up nobody`() throws {
        let world = makeWorld { $0.maxInFlight = 2 }
        world.provider.answer(noChannel, jobsWith: "fast")
        let fast = try (0..<4).map { try world.admit(payload: payload("fast", "f\($0)")).record.id }
        let standard = try world.admit(payload: payload("standard", "s")).record.id
        world.restart()
        world.pass(.seconds(5))
        #expect(try world.state(standard) == .running)
        for id in fast {
            #expect(try world.state(id) == .queued)
            #expect(try waiting(world, id)?.obstacle == .providerUnreachable)
        }
        #expect(try waiting(world, fast[0])?.message == "HTTP 503: no channel")
        world.provider.answer(nil, jobsWith: "fast")
        world.provider.report(done, done, done, done, done)
        world.pass(.seconds(120))
        for id in fast + [standard] { #expect(try world.state(id) == .completed) }
    }

    @Test func `a store that cannot be read while jobs are compared is asked again`() throws {
        let world = makeWorld { $0.maxInFlight = 1 }
        _ = try world.admit(payload: payload("other", "o"))
        world.provider.answer(noChannel, jobsWith: "fast")
        let fast = try world.admit(payload: payload("fast", "f")).record.id
        let standard = try world.admit(payload: payload("standard", "s")).record.id
        world.restart()
        world.provider.report(done)
        world.pass(.seconds(10))
        world.store.fail(with: .unavailable("gone"))
        world.pass(.seconds(30))
        world.store.fail(with: nil)
        world.pass(.seconds(60))
        #expect(try world.state(standard) == .running)
        #expect(try world.state(fast) == .queued)
    }

    @Test func `a withdrawn job leaves nothing behind`() throws {
        let world = makeWorld()
        world.provider.answer(noChannel, jobsWith: "fast")
        let fast = try world.admit(payload: payload("fast", "a")).record.id
        guard case .cancelled? = try world.run({ try await $0.cancel(fast) }).result?.get() else {
            Issue.record("not cancelled")
            return
        }
        world.pass(.seconds(2))
        #expect(world.gateway.obstacles().isEmpty)
        _ = try world.admit(payload: payload("fast", "b"))
        #expect(world.gateway.services.submissions.queue.withLock { $0.refusedTasks.count } == 1)
    }
}
