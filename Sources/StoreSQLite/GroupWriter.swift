import CrashPoints
import Gateway
import GRDB
import Synchronization

/// Commits whatever arrived while the last fsync ran as one transaction.
///
/// An fsync costs milliseconds, a row microseconds: many callers wait for one fsync, and all share it.
final class GroupWriter: Sendable {
    private let database: DatabaseQueue
    private let files: StoreFiles
    private let faults: StoreFaults
    private let opened: StoreFiles.Identity
    private let pending: Mutex<PendingMutations>

    init(_ database: DatabaseQueue, faults: StoreFaults, limits: PendingMutations.Limits) {
        self.database = database
        self.files = faults.files
        self.faults = faults
        self.opened = faults.files.identity()
        self.pending = Mutex(PendingMutations(limits: limits))
    }

    /// How many mutations wait for a transaction.
    var waiting: Int { pending.withLock { $0.count } }

    /// Returns once the mutation's transaction is on the disk.
    func perform<Outcome: Sendable>(
        bytes: Int, _ mutation: @escaping @Sendable (Database) throws -> Outcome
    ) async throws(StoreFailure) -> Outcome {
        let result: Result<Outcome, StoreFailure> = await withCheckedContinuation { caller in
            enter(
                PendingMutation(
                    apply: { db in
                        let outcome = try mutation(db)
                        return { caller.resume(returning: .success(outcome)) }
                    },
                    fail: { caller.resume(returning: .failure($0)) }, bytes: bytes))
        }
        return try result.get()
    }

    /// Lets nothing more in, writes what waits, and moves the log into the database file.
    func close() async {
        pending.withLock { $0.close() }
        await withCheckedContinuation { caller in
            database.asyncWriteWithoutTransaction { db in
                self.drain(db)
                // Only tidiness: what stays in the log is read from there at the next start.
                _ = try? db.checkpoint(.truncate)
                caller.resume()
            }
        }
    }

    private func enter(_ mutation: PendingMutation) {
        switch pending.withLock({ $0.add(mutation) }) {
        case .joined: break
        case .first: database.asyncWriteWithoutTransaction { self.drain($0) }
        case .full: mutation.fail(.unavailable("the store is behind: too many changes wait for the disk"))
        case .closed: mutation.fail(.unavailable("the store is closed"))
        }
    }

    private func drain(_ db: Database) {
        while true {
            let batch = pending.withLock { $0.nextBatch() }
            if batch.isEmpty { return }
            commit(batch, in: db)
        }
    }

    /// One transaction: either all callers hear of their outcomes after it, or all hear why it failed.
    private func commit(_ batch: [PendingMutation], in db: Database) {
        var replies: [@Sendable () -> Void] = []
        replies.reserveCapacity(batch.count)
        do {
            try db.inTransaction(.immediate) {
                for mutation in batch { replies.append(try attempt(mutation, in: db)) }
                try checkFiles()
                reached(.committing)
                return .commit
            }
        } catch {
            let failure = faults.failure(error)
            for mutation in batch { mutation.fail(failure) }
            return
        }
        reached(.committed)
        for reply in replies { reply() }
    }

    /// Applies one mutation in a savepoint, so that its failure takes nothing else along.
    private func attempt(_ mutation: PendingMutation, in db: Database) throws -> @Sendable () -> Void {
        try db.cachedStatement(sql: "SAVEPOINT mutation").execute()
        do {
            let reply = try mutation.apply(db)
            try db.cachedStatement(sql: "RELEASE mutation").execute()
            return reply
        } catch  where StoreFaults.concernsOneMutation(error) {
            try db.cachedStatement(sql: "ROLLBACK TO mutation").execute()
            try db.cachedStatement(sql: "RELEASE mutation").execute()
            let failure = faults.failure(error)
            return { mutation.fail(failure) }
        }
    }

    /// SQLite goes on writing into files that were removed or replaced; nothing of that would be found again.
    private func checkFiles() throws(StoreFailure) {
        guard files.identity() == opened else {
            throw .unavailable("\(files.path) or its -wal file was taken away; put it back, or restart")
        }
    }
}
