import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// What is paid for is waited for, and clocks that jump change nothing.
@Suite struct LateAndClockTests {
    @Test func `a success that comes after the deadline is archived all the same`() throws {
        let harness = makeHarness { $0.maxInFlight = 1 }
        let id = try harness.admit().record.id
        harness.pass(.seconds(25 * 3600))
        #expect(try harness.record(id).failure?.code == "generation_timeout")
        let before = harness.provider.polled.count
        harness.pass(.seconds(3600))
        let polls = harness.provider.polled.count - before
        #expect((9...13).contains(polls), "about every five minutes, not \(polls) an hour")
        harness.provider.report(done)
        harness.pass(.seconds(600))
        let recovered = try harness.record(id)
        #expect(recovered.state == .completed)
        #expect(recovered.failure == nil)
        #expect(harness.provider.created == [id])
    }

    @Test func `after 48 hours nobody asks any more`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        harness.pass(.seconds(48 * 3600 + 900))
        #expect(try harness.record(id).graceDeadline == nil)
        let polls = harness.provider.polled.count
        harness.pass(.seconds(3 * 86_400))
        #expect(harness.provider.polled.count == polls)
        #expect(try harness.record(id).failure?.code == "generation_timeout")
    }

    @Test func `a task that was given up on is still asked about after a restart`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        harness.pass(.seconds(25 * 3600))
        harness.restart()
        harness.provider.report(done)
        harness.pass(.seconds(600))
        #expect(try harness.record(id).state == .completed)
    }

    @Test func `a task that was given up on is asked about once more if its time ended meanwhile`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        harness.pass(.seconds(25 * 3600))
        harness.clock.jump(by: .seconds(10 * 86_400))
        harness.restart()
        let polls = harness.provider.polled.count
        harness.pass(.seconds(600))
        #expect(harness.provider.polled.count == polls + 1)
        #expect(try harness.record(id).graceDeadline == nil)
    }

    @Test(arguments: [1, -1])
    func `a jump of the wall clock by a day changes no interval`(_ sign: Int) throws {
        let jump = Duration.seconds(sign * 86_400)
        let harness = makeHarness { $0.maxInFlight = 1 }
        let id = try harness.admit().record.id
        let next = try harness.admit().record.id
        harness.pass(.seconds(100))
        let before = harness.provider.polled.count
        harness.clock.jump(by: jump)
        harness.pass(.seconds(100))
        let polls = harness.provider.polled.count - before
        #expect((5...13).contains(polls), "as often as before, not \(polls) times")
        #expect(try harness.record(id).state == .running)
        #expect(try harness.record(next).state == .queued)
        #expect(harness.provider.created == [id])
        harness.provider.report(done)
        harness.pass(.seconds(60))
        #expect(try harness.record(id).state == .completed)
        #expect(harness.provider.created == [id, next])
    }

    @Test func `a jump of the wall clock removes no video before its time`() throws {
        let harness = makeHarness {
            $0.keep = .seconds(3 * 3600)
            $0.retentionInterval = .seconds(600)
        }
        let id = try harness.admit().record.id
        harness.provider.report(done)
        harness.pass(.seconds(60))
        harness.clock.jump(by: .seconds(86_400))
        harness.pass(.seconds(2 * 3600))
        #expect(try harness.record(id).contentRemoved == false)
        harness.pass(.seconds(2 * 3600))
        #expect(try harness.record(id).contentRemoved)
    }

    @Test func `a video that is finished while the clock is behind is kept for its whole time`() throws {
        let harness = makeHarness {
            $0.keep = .seconds(3 * 3600)
            $0.retentionInterval = .seconds(600)
        }
        let id = try harness.admit().record.id
        harness.clock.jump(by: .seconds(-86_400))
        harness.provider.report(done)
        harness.pass(.seconds(60))
        harness.clock.jump(by: .seconds(86_400))
        harness.pass(.seconds(2 * 3600))
        #expect(try harness.record(id).contentRemoved == false)
    }

    @Test func `lost replies slow the queue down, but not below what a client waits for`() throws {
        let harness = makeHarness()
        let lost = SubmissionVerdict.unknown(LostReply("cut"))
        for _ in 0..<100 { harness.provider.respond(with: lost) }
        for _ in 0..<100 { _ = try harness.admit().record.id }
        harness.pass(.seconds(60))
        let sent = harness.provider.created.count
        #expect((12...40).contains(sent), "\(sent) in a minute")
        #expect(harness.gateway.readinessIssues().map(\.code) == ["provider_unreachable"])
    }
}
