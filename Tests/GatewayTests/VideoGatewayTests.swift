import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

func makeHarness(
    marks: [any HighWaterMark] = [], _ change: (inout GatewaySettings) -> Void = { _ in }
) -> GatewayHarness {
    var settings = GatewaySettings()
    change(&settings)
    return GatewayHarness(settings: settings, marks: marks)
}

extension GatewayHarness {
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
    @Test func `a job is sent once, polled, and its video archived`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        #expect(try harness.state(id) == .running)
        harness.provider.report(.report(ProviderReport(.processing, progress: 40)), done)
        harness.pass(.seconds(120))
        let record = try harness.record(id)
        #expect(record.state == .completed)
        #expect(record.results.count == 1)
        #expect(record.contentExpires != nil)
        #expect(harness.provider.created == [id])
        #expect(harness.provider.payloads == [[7]])
    }

    @Test func `a reply that names another job's provider task is no acceptance`() throws {
        let harness = makeHarness()
        let providerTaskID = ProviderTaskID("provider-task")
        let accepted = SubmissionVerdict.accepted(providerTaskID, ProviderReport(.pending))
        harness.provider.respond(with: accepted, accepted, accepted)
        let first = try harness.admit().record.id
        let second = try harness.admit().record.id
        #expect(try harness.state(first) == .running)
        let record = try harness.record(second)
        #expect(record.state == .uncertain)
        #expect(record.providerTaskID == nil)
        #expect(record.evidence?.reply.message.contains("provider-task") == true)
        // The id still belongs to the first task after it has ended.
        harness.provider.report(done)
        harness.pass(.seconds(120))
        #expect(try harness.state(first) == .completed)
        #expect(try harness.state(try harness.admit().record.id) == .uncertain)
        #expect(harness.provider.created.count == 3)
    }

    @Test func `ten thousand reads and a hundred waiters cause no poll`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        for _ in 0..<10_000 { #expect(harness.gateway.cachedTask(id.text) != nil) }
        for _ in 0..<100 {
            _ = harness.run { try await $0.wait(for: id, atMost: .seconds(300)) { $0.state == .completed } }
        }
        #expect(harness.provider.polled.isEmpty)
        harness.pass(.seconds(12))
        #expect(harness.provider.polled.count == 1)
    }

    @Test func `jobs wait while the provider is unreachable and are sent once afterwards`() throws {
        let harness = makeHarness()
        let down = SubmissionVerdict.notAccepted(.providerUnreachable, retryAfter: nil, message: "refused")
        harness.provider.respond(with: down, down, down)
        let ids = try (0..<3).map { _ in try harness.admit().record.id }
        #expect(try harness.state(ids[0]) == .queued)
        #expect(harness.gateway.readinessIssues().map(\.code) == ["provider_unreachable"])
        harness.pass(.seconds(300))
        for id in ids { #expect(try harness.state(id) == .running) }
        let accepted = Set(harness.provider.created.suffix(3))
        #expect(accepted == Set(ids))
        #expect(harness.gateway.readinessIssues().isEmpty)
    }

    @Test func `rejected credentials hold all jobs except a slow probe`() throws {
        let harness = makeHarness()
        let rejected = SubmissionVerdict.notAccepted(.credentialsRejected, retryAfter: nil, message: "no")
        harness.provider.respond(with: rejected)
        for _ in 0..<20 { _ = try harness.admit() }
        harness.pass(.seconds(4))
        #expect(harness.provider.created.count == 1)
        #expect(harness.gateway.readinessIssues().map(\.code) == ["provider_credentials_rejected"])
        harness.pass(.seconds(60))
        #expect(harness.gateway.readinessIssues().isEmpty)
        #expect(Set(harness.provider.created).count == 8)
    }

    @Test func `at most max_in_flight tasks run at once, and the others follow`() throws {
        let harness = makeHarness { $0.maxInFlight = 2 }
        let ids = try (0..<5).map { _ in try harness.admit().record.id }
        #expect(harness.provider.created.count == 2)
        harness.restart()
        #expect(harness.provider.created.count == 2)
        #expect(try harness.run { try await $0.task(ids[4].text)?.queueStatus?.position }.result?.get() == 3)
        harness.provider.report(done, done, done, done, done)
        harness.pass(.seconds(600))
        #expect(harness.provider.created == ids)
        for id in ids { #expect(try harness.state(id) == .completed) }
    }

    @Test func `a lost reply is never sent again, also after a restart`() throws {
        let harness = makeHarness()
        harness.provider.respond(with: .unknown(LostReply("cut", bytesSent: 300)))
        let id = try harness.admit().record.id
        #expect(try harness.state(id) == .uncertain)
        harness.restart()
        harness.pass(.seconds(86_400))
        #expect(try harness.state(id) == .uncertain)
        #expect(try harness.record(id).evidence?.reply == LostReply("cut", bytesSent: 300))
        #expect(harness.provider.created == [id])
    }

    @Test func `a crash while sending leaves an uncertain task`() throws {
        let harness = makeHarness()
        harness.provider.hold()
        let id = try harness.admit().record.id
        #expect(try harness.state(id) == .sending)
        harness.restart()
        harness.pass(.seconds(3600))
        #expect(try harness.state(id) == .uncertain)
        #expect(harness.provider.created == [id])
    }

    @Test func `a crash while queued, running or archiving loses no task and buys none`() throws {
        let harness = makeHarness { $0.maxInFlight = 1 }
        let first = try harness.admit().record.id
        let second = try harness.admit().record.id
        harness.restart()
        #expect(try [harness.state(first), harness.state(second)] == [.running, .queued])
        harness.archive.fail(.disk(message: "full"))
        harness.provider.report(done)
        harness.pass(.milliseconds(9000))
        harness.restart()
        harness.provider.report(done)
        harness.pass(.seconds(600))
        #expect(try [harness.state(first), harness.state(second)] == [.completed, .completed])
        #expect(harness.provider.created == [first, second])
    }

    @Test func `a failed copy is retried, with a new link if the old one has expired`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        harness.archive.fail(.transfer(message: "cut"), .gone(message: "403"))
        harness.provider.report(done, .report(ProviderReport(.completed, links: ["https://r/2"])))
        harness.pass(.seconds(600))
        #expect(try harness.state(id) == .completed)
        #expect(harness.archive.links == ["https://r/1?sig=s", "https://r/1?sig=s", "https://r/2"])
        #expect(harness.provider.created == [id])
    }

    @Test(arguments: [ArchiveError.transfer(message: "400"), .notVideo(message: "a page of HTML")])
    func `a new link is requested for a link that fails for long, with any error`(
        _ failure: ArchiveError
    ) throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        for _ in 0..<3 { harness.archive.fail(failure) }
        harness.provider.report(done, .report(ProviderReport(.completed, links: ["https://r/2"])))
        harness.pass(.seconds(600))
        #expect(try harness.state(id) == .completed)
        #expect(harness.archive.links.last == "https://r/2")
        #expect(harness.archive.links.count == 4)
        #expect(harness.provider.created == [id])
    }

    @Test func `a copy is not retried before Retry-After`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        harness.archive.fail(.transfer(message: "503", retryAfter: .seconds(400)))
        harness.provider.report(done)
        harness.pass(.seconds(395))
        #expect(try harness.state(id) == .archiving)
        #expect(harness.archive.links.count == 1)
        harness.pass(.seconds(60))
        #expect(try harness.state(id) == .completed)
    }

    @Test func `poll errors never end a task`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        for _ in 0..<50 { harness.provider.report(.unavailable(message: "502", retryAfter: nil)) }
        harness.provider.report(.credentialsRejected(message: "401"), .notKnown(message: "404"), done)
        harness.pass(.seconds(2 * 3600))
        #expect(try harness.state(id) == .completed)
    }

    @Test func `completed without a result is polled for a while, then a failure with that reason`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        for _ in 0..<100 { harness.provider.report(.report(ProviderReport(.completed, progress: 50))) }
        harness.pass(.seconds(24))
        #expect(try harness.state(id) == .running)
        harness.pass(.seconds(2 * 3600))
        #expect(try harness.record(id).failure?.code == "result_lost")
    }

    @Test func `a task that never ends times out at the deadline and releases its slot`() throws {
        let harness = makeHarness { $0.maxInFlight = 1 }
        let first = try harness.admit().record.id
        let second = try harness.admit().record.id
        harness.pass(.seconds(86_400 + 120))
        #expect(try harness.record(first).failure?.code == "generation_timeout")
        #expect(try harness.state(second) == .running)
    }

    @Test func `a verdict is kept until the store accepts it`() throws {
        let harness = makeHarness()
        harness.provider.hold()
        let id = try harness.admit().record.id
        harness.store.fail(with: .full("no space"))
        harness.provider.release()
        harness.pass(.seconds(30))
        #expect(harness.gateway.readinessIssues().map(\.code) == ["store_unavailable"])
        harness.store.fail(with: nil)
        harness.pass(.seconds(120))
        #expect(try harness.record(id).providerTaskID != nil)
        #expect(harness.provider.created == [id])
    }

    @Test func `a job without a payload fails and is never in the state sending`() throws {
        let harness = makeHarness { $0.maxInFlight = 1 }
        let first = try harness.admit().record.id
        let damaged = try harness.admit().record.id
        let third = try harness.admit().record.id
        harness.store.losePayload(of: damaged)
        harness.restart()
        harness.provider.report(done)
        harness.pass(.seconds(60))
        #expect(try harness.record(damaged).failure?.code == "job_lost")
        #expect(try harness.record(damaged).attempts == 0)
        #expect(try harness.state(third) == .running)
        #expect(harness.provider.created == [first, third])
    }

    @Test func `a gateway with a failed store rejects new jobs and sends none`() throws {
        let harness = makeHarness { $0.maxInFlight = 1 }
        _ = try harness.admit()
        let waiting = try harness.admit().record.id
        harness.store.fail(with: .full("no space"))
        #expect(throws: GatewayError.store(.full("no space"))) { try harness.admit() }
        harness.pass(.seconds(20))
        #expect(harness.provider.created.count == 1)
        harness.store.fail(with: nil)
        #expect(try harness.state(waiting) == .queued)
    }
}
