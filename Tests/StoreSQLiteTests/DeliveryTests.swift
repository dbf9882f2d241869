import Gateway
import GRDB
import Synchronization
import Testing
import TestSupport
import VideoJobs

@testable import StoreSQLite

@Suite struct DeliveryTests {
    @Test func `a change that is durable although its commit failed is delivered before the next one`()
        async throws
    {
        let folder = try TemporaryFolder()
        let store = try SQLiteTaskStore.open(path: folder.path("reelgate.db"))
        let delivered = Mutex<[CommittedChange]>([])
        _ = try await store.admit(StoreExample.admission(1))
        store.deliverChanges { changes in delivered.withLock { $0 += changes } }
        // As a commit leaves it whose error came after the data was on the disk.
        try await store.database.write { db in
            try db.execute(
                sql: """
                    UPDATE tasks SET state = 'sending', version = 2;
                    INSERT INTO events (sequence, task, number, at, name) VALUES (2, 1, 2, 0, 'x');
                    UPDATE store SET event_sequence = 2;
                    """)
        }
        let next = StoreExample.admission(2)
        _ = try await store.admit(next)
        var late = StoreExample.admission(1).record
        late.state = .sending
        late.version = 2
        let changes = delivered.withLock { $0 }
        #expect(
            changes == [
                CommittedChange(sequence: 2, record: late, isFoundLate: true),
                CommittedChange(sequence: 3, record: next.record),
            ])
        await store.close()
    }

    @Test func `numbers that are skipped after a restoration are not taken for changes`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteTaskStore.open(path: folder.path("reelgate.db"))
        let delivered = Mutex<[CommittedChange]>([])
        store.deliverChanges { changes in delivered.withLock { $0 += changes } }
        try await store.setRestoration(.detected, raisingSequenceTo: 1_000_000)
        let task = StoreExample.admission(1)
        let outcome = try await store.admit(task)
        let sequence = delivered.withLock { $0.map(\.sequence) }
        #expect(sequence.count == 1 && outcome == .admitted(sequence: sequence[0]))
        await store.close()
        let again = try SQLiteTaskStore.open(path: folder.path("reelgate.db"))
        _ = try await again.admit(StoreExample.admission(2))
        #expect(try await again.events(after: sequence[0], limit: 9).map(\.sequence) == [sequence[0] + 1])
        await again.close()
    }
}
