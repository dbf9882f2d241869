import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// What is paid for is waited for, and clocks that jump change nothing.
@Suite struct LateAndClockTests {
    @Test func `a success that comes after the deadline is archived all the same`() throws {
        let world = makeWorld { $0.maxInFlight = 1 }
        let id = try world.admit().record.id
        world.pass(.seconds(25 * 3600))
        #expect(try world.record(id).failure?.code == "generation_timeout")
        let before = world.provider.polled.count
        world.pass(.seconds(3600))
        let polls = world.provider.polled.count - before
        #expect((9...13).contains(polls), "about every five minutes, not \(polls) an hour")
        world.provider.report(done)
        world.pass(.seconds(600))
        let recovered = try world.record(id)
        #expect(recovered.state == .completed)
        #expect(recovered.failure == nil)
        #expect(world.provider.created == [id])
    }

    @Test func `after 48 hours nobody asks any more`() throws {
        let world = makeWorld()
        let id = try world.admit().record.id
        world.pass(.seconds(48 * 3600 + 900))
        #expect(try world.record(id).graceDeadline == nil)
        let polls = world.provider.polled.count
        world.pass(.seconds(3 * 86_400))
        #expect(world.provider.polled.count == polls)
        #expect(try world.record(id).failure?.code == "generation_timeout")
    }

    @Test func `a task that was given up on is still asked about after a restart`() throws {
        let world = makeWorld()
        let id = try world.admit().record.id
        world.pass(.seconds(25 * 3600))
        world.restart()
        world.provider.report(done)
        world.pass(.seconds(600))
        #expect(try world.record(id).state == .completed)
    }

    @Test func `a task that was given up on is asked about once more if its time ended meanwhile`() throws {
        let world = makeWorld()
        let id = try world.admit().record.id
        world.pass(.seconds(25 * 3600))
        world.clock.jump(by: .seconds(10 * 86_400))
        world.restart()
        let polls = world.provider.polled.count
        world.pass(.seconds(600))
        #expect(world.provider.polled.count == polls + 1)
        #expect(try world.record(id).graceDeadline == nil)
    }

    @Test(arguments: [1, -1])
    func `a jump of the wall clock by a day changes no interval`(_ sign: Int) throws {
        let jump = Duration.seconds(sign * 86_400)
        let world = makeWorld { $0.maxInFlight = 1 }
        let id = try world.admit().record.id
        let next = try world.admit().record.id
        world.pass(.seconds(100))
        let before = world.provider.polled.count
        world.clock.jump(by: jump)
        world.pass(.seconds(100))
        let polls = world.provider.polled.count - before
        #expect((5...13).contains(polls), "as often as before, not \(polls) times")
        #expect(try world.record(id).state == .running)
        #expect(try world.record(next).state == .queued)
        #expect(world.provider.created == [id])
        world.provider.report(done)
        world.pass(.seconds(60))
        #expect(try world.record(id).state == .completed)
        #expect(world.provider.created == [id, next])
    }

    @Test func `a jump of the wall clock removes no video before its time`() throws {
        let world = makeWorld {
            $0.keep = .seconds(3 * 3600)
            $0.retentionInterval = .seconds(600)
        }
        let id = try world.admit().record.id
        world.provider.report(done)
        world.pass(.seconds(60))
        world.clock.jump(by: .seconds(86_400))
        world.pass(.seconds(2 * 3600))
        #expect(try world.record(id).contentRemoved == false)
        world.pass(.seconds(2 * 3600))
        #expect(try world.record(id).contentRemoved)
    }

    @Test func `a video that is finished while the clock is behind is kept for its whole time`() throws {
        let world = makeWorld {
            $0.keep = .seconds(3 * 3600)
            $0.retentionInterval = .seconds(600)
        }
        let id = try world.admit().record.id
        world.clock.jump(by: .seconds(-86_400))
        world.provider.report(done)
        world.pass(.seconds(60))
        world.clock.jump(by: .seconds(86_400))
        world.pass(.seconds(2 * 3600))
        #expect(try world.record(id).contentRemoved == false)
    }

    @Test func `lost replies slow the queue down, but not below what a client waits for`() throws {
        let world = makeWorld()
        let lost = SubmissionVerdict.unknown(LostReply("cut"))
        for _ in 0..<100 { world.provider.answer(lost) }
        for _ in 0..<100 { _ = try world.admit().record.id }
        world.pass(.seconds(60))
        let sent = world.provider.created.count
        #expect((12...40).contains(sent), "\(sent) in a minute")
        #expect(world.gateway.obstacles().map(\.code) == ["provider_unreachable"])
    }
}
