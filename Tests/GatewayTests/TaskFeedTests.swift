import GatewayFakes
import Synchronization
import Testing
import VideoJobs

@testable import Gateway

/// The order in which observers receive changes.
@Suite struct TaskFeedTests {
    private final class ChangeLog: TaskObserver {
        let changes = Mutex<[CommittedChange]>([])
        /// What happened, in order: `published 2` for version 2, `committed 3` for sequence 3.
        let calls = Mutex<[String]>([])

        func taskPublished(_ record: TaskRecord) {
            calls.withLock { $0.append("published \(record.version)") }
        }

        func taskCommitted(_ change: CommittedChange) {
            changes.withLock { $0.append(change) }
            calls.withLock { $0.append("committed \(change.sequence)") }
        }

        func taskEvicted(_ record: TaskRecord) {}
    }

    private let log = ChangeLog()

    @Test func `each change is published once, in the order of the store's sequence`() async throws {
        let harness = makeHarness()
        _ = try harness.admit()
        _ = try harness.admit()
        harness.provider.report(done, done)
        harness.pass(.seconds(600))
        let stored = try await harness.store.events(after: 0, limit: 100)
        let sequences = log.changes.withLock { $0.map(\.sequence) }
        #expect(sequences == stored.filter { $0.snapshot != nil }.map(\.sequence))
        let admissions = log.changes.withLock { $0.count { $0.before == nil } }
        #expect(admissions == 2)
    }

    @Test
    func `a change whose reply was lost is published when it is found, and has its turn in the sequence`()
        throws
    {
        let harness = makeHarness()
        let id = try harness.admit().record.id
        let count = log.changes.withLock(\.count)
        harness.provider.report(done)
        harness.store.loseReplies(1)
        harness.pass(.seconds(600))
        #expect(try harness.state(id) == .completed)
        let changes = log.changes.withLock { $0.dropFirst(count) }
        #expect(changes.first?.isFoundLate == true && changes.count { $0.isFoundLate } == 1)
        #expect(changes.map(\.sequence) == changes.map(\.sequence).sorted())
        #expect(Set(changes.map(\.record.version)).count == changes.count)
        let version = changes.first?.record.version ?? 0
        let published = log.calls.withLock { $0.count { $0 == "published \(version)" } }
        #expect(published == 1)
    }

    @Test func `a recovered task has no turn in the sequence`() throws {
        let harness = makeHarness()
        _ = try harness.admit()
        log.changes.withLock { $0 = [] }
        harness.restart()
        harness.executor.runUntilIdle()
        let last = log.calls.withLock { $0.last }
        #expect(last == "published 3")
        let changes = log.changes.withLock { $0 }
        #expect(changes.isEmpty)
    }

    private func makeHarness() -> GatewayHarness { GatewayHarness(observers: { [log] in [log] }) }

    private var done: PollOutcome { .report(ProviderReport(.completed, links: ["https://cdn/1"])) }
}
