import Foundation
import Gateway
import GRDB
import Synchronization
import Testing
import TestSupport
import VideoJobs

@testable import StoreSQLite

@Suite struct GroupCommitTests {
    @Test func `what arrives while the writer is busy becomes one transaction`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteTaskStore.open(path: folder.path("reelgate.db"))
        let commits = CommitCounter()
        store.database.add(transactionObserver: commits, extent: .databaseLifetime)
        let outcomes = try await holdingWriter(of: store, until: 100) { number in
            // The 51st wants an id that is taken: its failure must not harm the others.
            try? await store.admit(StoreExample.admission(number == 50 ? 49 : number))
        }
        #expect(outcomes.count { $0?.isAdmitted == true } == 99)
        #expect(commits.count == 1)
        #expect(try await store.unfinishedTasks().count == 99)
        await store.close()
    }

    @Test func `a line that is too long turns further changes away at once`() async throws {
        let folder = try TemporaryFolder()
        let limits = PendingMutations.Limits(waitingMax: 3)
        let store = try SQLiteTaskStore(path: folder.path("reelgate.db"), limits: limits)
        let outcomes = try await holdingWriter(of: store, until: 3) { number in
            await kind { () throws(StoreError) in _ = try await store.admit(StoreExample.admission(number))
            }
        } beforeRelease: {
            let late = await kind { () throws(StoreError) in
                _ = try await store.admit(StoreExample.admission(3))
            }
            #expect(late == .unavailable)
        }
        #expect(outcomes == [.none, .none, .none])
        await store.close()
    }

    @Test func `closing finishes what was taken`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("reelgate.db")
        let store = try SQLiteTaskStore.open(path: path)
        let outcomes = try await holdingWriter(of: store, until: 20) { number in
            let outcome = try? await store.admit(StoreExample.admission(number))
            if number == 0 { await store.close() }
            return outcome
        }
        #expect(outcomes.count { $0?.isAdmitted == true } == 20)
        #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
        let again = try SQLiteTaskStore.open(path: path)
        #expect(try await again.unfinishedTasks().count == 20)
        await again.close()
    }

    /// Runs `count` mutations that all find the writer busy, and returns what became of them.
    private func holdingWriter<Outcome: Sendable>(
        of store: SQLiteTaskStore, until count: Int, _ mutation: @escaping @Sendable (Int) async -> Outcome,
        beforeRelease: @Sendable () async -> Void = {}
    ) async throws -> [Outcome] {
        let gate = DispatchSemaphore(value: 0)
        store.database.asyncWriteWithoutTransaction { _ in gate.wait() }
        return await withTaskGroup(of: Outcome.self) { group in
            for number in 0..<count { group.addTask { await mutation(number) } }
            while store.writer.waiting < count { await Task.yield() }
            await beforeRelease()
            gate.signal()
            return await group.reduce(into: []) { $0.append($1) }
        }
    }
}

/// Counts commits.
private final class CommitCounter: TransactionObserver, Sendable {
    private let commits = Atomic(0)

    var count: Int { commits.load(ordering: .relaxed) }

    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { false }
    func databaseDidChange(with event: DatabaseEvent) {}
    func databaseDidCommit(_ db: Database) { commits.wrappingAdd(1, ordering: .relaxed) }
    func databaseDidRollback(_ db: Database) {}
}
