import GatewayFakes
import Synchronization
import Testing
import VideoJobs

@testable import Gateway

/// Jobs that are admitted and sent at once.
@Suite struct ImmediateAdmissionTests {
    private func admissions(_ harness: GatewayHarness) -> [TaskState] {
        harness.store.changes(from: 0).compactMap {
            if case .admitted(let record, _) = $0 { record.state } else { nil }
        }
    }

    @Test func `a job that finds a free place takes two durable writes until its verdict`() throws {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        #expect(try harness.state(id) == .running)
        #expect(harness.store.changes(from: 0).count == 2)
        #expect(admissions(harness) == [.sending])
        let events = try harness.run { try await $0.services.ports.store.events(of: id) }.result?.get()
        #expect(events?.map(\.name) == ["admitted", "sending", "accepted"])
    }

    @Test func `a job queues while no place is free, another job waits, or submission is paused`() throws {
        let harness = makeHarness { $0.maxInFlight = 1 }
        for _ in 0..<3 { _ = try harness.admit() }
        #expect(admissions(harness) == [.sending, .queued, .queued])
        let paused = makeHarness()
        paused.gateway.services.submissions.queue.withLock { $0.pause() }
        _ = try paused.admit()
        #expect(admissions(paused) == [.queued])
    }

    @Test func `a job queues while another waits alone behind a refusal`() throws {
        let harness = makeHarness()
        let busy = SubmissionVerdict.notAccepted(.rateLimited, retryAfter: .seconds(20), message: "busy")
        harness.provider.respond(with: busy, toJobsWith: "fast")
        _ = try harness.admit(payload: Array(#"{"model":"fast"}"#.utf8))
        _ = try harness.admit(payload: Array(#"{"model":"standard"}"#.utf8))
        #expect(admissions(harness) == [.sending, .queued])
    }

    @Test func `an admission whose store reply was lost is sent once and keeps its place`() throws {
        let harness = makeHarness { $0.maxInFlight = 1 }
        harness.store.loseReplies(1)
        #expect(throws: GatewayError.self) { try harness.admit() }
        #expect(harness.provider.created.isEmpty)
        harness.pass(.seconds(60))
        #expect(harness.provider.created == harness.store.durable.map(\.id))
        #expect(harness.store.durable.map(\.state) == [.running])
    }

    @Test func `an admission that failed is never sent, and its place is free again`() throws {
        let harness = makeHarness { $0.maxInFlight = 1 }
        harness.store.fail(with: .full("no space"))
        #expect(throws: GatewayError.self) { try harness.admit() }
        harness.store.fail(with: nil)
        harness.pass(.seconds(60))
        #expect(harness.provider.created.isEmpty)
        let id = try harness.admit().record.id
        #expect(harness.provider.created == [id])
    }

    @Test func `a crash before the first byte leaves an uncertain task`() throws {
        let harness = makeHarness()
        harness.provider.hold()
        let id = try harness.admit().record.id
        harness.restart()
        #expect(try harness.state(id) == .uncertain)
    }
}
