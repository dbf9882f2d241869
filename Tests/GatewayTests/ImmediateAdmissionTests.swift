import GatewayFakes
import Synchronization
import Testing
import VideoJobs

@testable import Gateway

/// Jobs that are admitted and sent at once.
@Suite struct ImmediateAdmissionTests {
    private func admissions(_ world: World) -> [TaskState] {
        world.store.changes(from: 0).compactMap {
            if case .admitted(let record, _) = $0 { record.state } else { nil }
        }
    }

    @Test func `a job that finds a free place takes two durable writes until its verdict`() throws {
        let world = makeWorld()
        let id = try world.admit().record.id
        #expect(try world.state(id) == .running)
        #expect(world.store.changes(from: 0).count == 2)
        #expect(admissions(world) == [.sending])
        let events = try world.run { try await $0.services.ports.store.events(of: id) }.result?.get()
        #expect(events?.map(\.name) == ["admitted", "sending", "accepted"])
    }

    @Test func `a job queues while no place is free, another job waits, or submission is paused`() throws {
        let world = makeWorld { $0.maxInFlight = 1 }
        for _ in 0..<3 { _ = try world.admit() }
        #expect(admissions(world) == [.sending, .queued, .queued])
        let paused = makeWorld()
        paused.gateway.services.submissions.queue.withLock { $0.pause() }
        _ = try paused.admit()
        #expect(admissions(paused) == [.queued])
    }

    @Test func `a job queues while another waits alone behind a refusal`() throws {
        let world = makeWorld()
        let busy = SubmissionVerdict.notAccepted(.rateLimited, retryAfter: .seconds(20), message: "busy")
        world.provider.answer(busy, jobsWith: "fast")
        _ = try world.admit(payload: Array(#"{"model":"fast"}"#.utf8))
        _ = try world.admit(payload: Array(#"{"model":"standard"}"#.utf8))
        #expect(admissions(world) == [.sending, .queued])
    }

    @Test func `an admission whose store reply was lost is sent once and keeps its place`() throws {
        let world = makeWorld { $0.maxInFlight = 1 }
        world.store.loseAnswers(1)
        #expect(throws: GatewayError.self) { try world.admit() }
        #expect(world.provider.created.isEmpty)
        world.pass(.seconds(60))
        #expect(world.provider.created == world.store.durable.map(\.id))
        #expect(world.store.durable.map(\.state) == [.running])
    }

    @Test func `an admission that failed is never sent, and its place is free again`() throws {
        let world = makeWorld { $0.maxInFlight = 1 }
        world.store.fail(with: .full("no space"))
        #expect(throws: GatewayError.self) { try world.admit() }
        world.store.fail(with: nil)
        world.pass(.seconds(60))
        #expect(world.provider.created.isEmpty)
        let id = try world.admit().record.id
        #expect(world.provider.created == [id])
    }

    @Test func `a crash before the first byte leaves an uncertain task`() throws {
        let world = makeWorld()
        world.provider.hold()
        let id = try world.admit().record.id
        world.restart()
        #expect(try world.state(id) == .uncertain)
    }
}
