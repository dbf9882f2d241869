import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

typealias World = GatewayWorld

func makeWorld(
    marks: [any HighWaterMark] = [], _ change: (inout GatewaySettings) -> Void = { _ in }
) -> World {
    var settings = GatewaySettings()
    change(&settings)
    return World(settings: settings, marks: marks)
}

extension GatewayWorld {
    func admit(_ claim: IdempotencyClaim? = nil, payload: [UInt8] = [7]) throws -> AdmittedTask {
        let job = VideoJob(model: "m", payload: payload)
        let admitted = run { try await $0.admit(job, client: "open", claim: claim) }.result
        return try #require(admitted).get()
    }

    func record(_ id: TaskID) throws -> TaskRecord {
        let record = try run { try await $0.task(id.text)?.record }.result?.get()
        return try #require(record)
    }

    func state(_ id: TaskID) throws -> TaskState { try record(id).state }
}

let done = PollOutcome.report(ProviderReport(.completed, progress: 100, links: ["https://r/1?sig=s"]))

@Suite struct VideoGatewayTests {
    @Test func `a job is sent once, followed, and its video kept`() throws {
        let world = makeWorld()
        let id = try world.admit().record.id
        #expect(try world.state(id) == .running)
        world.provider.report(.report(ProviderReport(.processing, progress: 40)), done)
        world.pass(.seconds(120))
        let record = try world.record(id)
        #expect(record.state == .completed)
        #expect(record.results.count == 1)
        #expect(record.contentExpires != nil)
        #expect(world.provider.created == [id])
        #expect(world.provider.payloads == [[7]])
    }

    @Test func `an answer that names another job's task is no acceptance`() throws {
        let world = makeWorld()
        let theirs = ProviderTaskID("theirs")
        let accepted = SubmissionVerdict.accepted(theirs, ProviderReport(.pending))
        world.provider.answer(accepted, accepted, accepted)
        let first = try world.admit().record.id
        let second = try world.admit().record.id
        #expect(try world.state(first) == .running)
        let record = try world.record(second)
        #expect(record.state == .uncertain)
        #expect(record.providerTaskID == nil)
        #expect(record.evidence?.reply.message.contains("theirs") == true)
        // It stays the first one's after that one has ended.
        world.provider.report(done)
        world.pass(.seconds(120))
        #expect(try world.state(first) == .completed)
        #expect(try world.state(try world.admit().record.id) == .uncertain)
        #expect(world.provider.created.count == 3)
    }

    @Test func `ten thousand reads and a hundred waiters cost no poll`() throws {
        let world = makeWorld()
        let id = try world.admit().record.id
        for _ in 0..<10_000 { #expect(world.gateway.cachedTask(id.text) != nil) }
        for _ in 0..<100 {
            _ = world.run { try await $0.wait(for: id, atMost: .seconds(300)) { $0.state == .completed } }
        }
        #expect(world.provider.polled.isEmpty)
        world.pass(.seconds(12))
        #expect(world.provider.polled.count == 1)
    }

    @Test func `while the provider is down jobs wait, and go through once when it is back`() throws {
        let world = makeWorld()
        let down = SubmissionVerdict.notAccepted(.providerUnreachable, retryAfter: nil, message: "refused")
        world.provider.answer(down, down, down)
        let ids = try (0..<3).map { _ in try world.admit().record.id }
        #expect(try world.state(ids[0]) == .queued)
        #expect(world.gateway.obstacles().map(\.code) == ["provider_unreachable"])
        world.pass(.seconds(300))
        for id in ids { #expect(try world.state(id) == .running) }
        let accepted = Set(world.provider.created.suffix(3))
        #expect(accepted == Set(ids))
        #expect(world.gateway.obstacles().isEmpty)
    }

    @Test func `rejected credentials stop all but a slow probe`() throws {
        let world = makeWorld()
        let rejected = SubmissionVerdict.notAccepted(.credentialsRejected, retryAfter: nil, message: "no")
        world.provider.answer(rejected)
        for _ in 0..<20 { _ = try world.admit() }
        world.pass(.seconds(4))
        #expect(world.provider.created.count == 1)
        #expect(world.gateway.obstacles().map(\.code) == ["provider_credentials_rejected"])
        world.pass(.seconds(60))
        #expect(world.gateway.obstacles().isEmpty)
        #expect(Set(world.provider.created).count == 8)
    }

    @Test func `no more than max_in_flight run at once, and the rest follow`() throws {
        let world = makeWorld { $0.maxInFlight = 2 }
        let ids = try (0..<5).map { _ in try world.admit().record.id }
        #expect(world.provider.created.count == 2)
        world.restart()
        #expect(world.provider.created.count == 2)
        #expect(try world.run { try await $0.task(ids[4].text)?.standing?.position }.result?.get() == 3)
        world.provider.report(done, done, done, done, done)
        world.pass(.seconds(600))
        #expect(world.provider.created == ids)
        for id in ids { #expect(try world.state(id) == .completed) }
    }

    @Test func `a lost reply is never sent again, also after a restart`() throws {
        let world = makeWorld()
        world.provider.answer(.unknown(LostReply("cut", bytesSent: 300)))
        let id = try world.admit().record.id
        #expect(try world.state(id) == .uncertain)
        world.restart()
        world.pass(.seconds(86_400))
        #expect(try world.state(id) == .uncertain)
        #expect(try world.record(id).evidence?.reply == LostReply("cut", bytesSent: 300))
        #expect(world.provider.created == [id])
    }

    @Test func `a crash while sending leaves an uncertain task`() throws {
        let world = makeWorld()
        world.provider.hold()
        let id = try world.admit().record.id
        #expect(try world.state(id) == .sending)
        world.restart()
        world.pass(.seconds(3600))
        #expect(try world.state(id) == .uncertain)
        #expect(world.provider.created == [id])
    }

    @Test func `a crash while queued, running or archiving loses nothing and buys nothing`() throws {
        let world = makeWorld { $0.maxInFlight = 1 }
        let first = try world.admit().record.id
        let second = try world.admit().record.id
        world.restart()
        #expect(try [world.state(first), world.state(second)] == [.running, .queued])
        world.archive.fail(.disk(message: "full"))
        world.provider.report(done)
        world.pass(.milliseconds(9000))
        world.restart()
        world.provider.report(done)
        world.pass(.seconds(600))
        #expect(try [world.state(first), world.state(second)] == [.completed, .completed])
        #expect(world.provider.created == [first, second])
    }

    @Test func `a copy that fails is tried again, with a fresh link where the old one is dead`() throws {
        let world = makeWorld()
        let id = try world.admit().record.id
        world.archive.fail(.transfer(message: "cut"), .gone(message: "403"))
        world.provider.report(done, .report(ProviderReport(.completed, links: ["https://r/2"])))
        world.pass(.seconds(600))
        #expect(try world.state(id) == .completed)
        #expect(world.archive.links == ["https://r/1?sig=s", "https://r/1?sig=s", "https://r/2"])
        #expect(world.provider.created == [id])
    }

    @Test(arguments: [ArchiveError.transfer(message: "400"), .notVideo(message: "a page of HTML")])
    func `a link that fails for long is asked for again, however its end is told`(
        _ failure: ArchiveError
    ) throws {
        let world = makeWorld()
        let id = try world.admit().record.id
        for _ in 0..<3 { world.archive.fail(failure) }
        world.provider.report(done, .report(ProviderReport(.completed, links: ["https://r/2"])))
        world.pass(.seconds(600))
        #expect(try world.state(id) == .completed)
        #expect(world.archive.links.last == "https://r/2")
        #expect(world.archive.links.count == 4)
        #expect(world.provider.created == [id])
    }

    @Test func `a copy is not tried again sooner than its host asks`() throws {
        let world = makeWorld()
        let id = try world.admit().record.id
        world.archive.fail(.transfer(message: "503", retryAfter: .seconds(400)))
        world.provider.report(done)
        world.pass(.seconds(395))
        #expect(try world.state(id) == .archiving)
        #expect(world.archive.links.count == 1)
        world.pass(.seconds(60))
        #expect(try world.state(id) == .completed)
    }

    @Test func `errors of polling never end a task`() throws {
        let world = makeWorld()
        let id = try world.admit().record.id
        for _ in 0..<50 { world.provider.report(.unavailable(message: "502", retryAfter: nil)) }
        world.provider.report(.credentialsRejected(message: "401"), .notKnown(message: "404"), done)
        world.pass(.seconds(2 * 3600))
        #expect(try world.state(id) == .completed)
    }

    @Test func `completed without a video is patience for a while, then a failure that says so`() throws {
        let world = makeWorld()
        let id = try world.admit().record.id
        for _ in 0..<100 { world.provider.report(.report(ProviderReport(.completed, progress: 50))) }
        world.pass(.seconds(24))
        #expect(try world.state(id) == .running)
        world.pass(.seconds(2 * 3600))
        #expect(try world.record(id).failure?.code == "result_lost")
    }

    @Test func `a task that never ends is given up after the deadline and frees its place`() throws {
        let world = makeWorld { $0.maxInFlight = 1 }
        let first = try world.admit().record.id
        let second = try world.admit().record.id
        world.pass(.seconds(86_400 + 120))
        #expect(try world.record(first).failure?.code == "generation_timeout")
        #expect(try world.state(second) == .running)
    }

    @Test func `a verdict is kept until the store takes it`() throws {
        let world = makeWorld()
        world.provider.hold()
        let id = try world.admit().record.id
        world.store.fail(with: .full("no space"))
        world.provider.release()
        world.pass(.seconds(30))
        #expect(world.gateway.obstacles().map(\.code) == ["store_unavailable"])
        world.store.fail(with: nil)
        world.pass(.seconds(120))
        #expect(try world.record(id).providerTaskID != nil)
        #expect(world.provider.created == [id])
    }

    @Test func `a job whose payload is gone has failed, and does not look as if it had been sent`() throws {
        let world = makeWorld { $0.maxInFlight = 1 }
        let first = try world.admit().record.id
        let damaged = try world.admit().record.id
        let third = try world.admit().record.id
        world.store.losePayload(of: damaged)
        world.restart()
        world.provider.report(done)
        world.pass(.seconds(60))
        #expect(try world.record(damaged).failure?.code == "job_lost")
        #expect(try world.record(damaged).attempts == 0)
        #expect(try world.state(third) == .running)
        #expect(world.provider.created == [first, third])
    }

    @Test func `a store that fails turns new work away and sends nothing`() throws {
        let world = makeWorld { $0.maxInFlight = 1 }
        _ = try world.admit()
        let waiting = try world.admit().record.id
        world.store.fail(with: .full("no space"))
        #expect(throws: GatewayError.store(.full("no space"))) { try world.admit() }
        world.pass(.seconds(20))
        #expect(world.provider.created.count == 1)
        world.store.fail(with: nil)
        #expect(try world.state(waiting) == .queued)
    }
}
