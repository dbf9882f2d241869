import CrashPoints
import Gateway
import GRDB
import Synchronization

/// Commits whatever arrived while the last fsync ran as one transaction.
///
/// An fsync costs milliseconds, a row microseconds: many callers wait for one fsync, and all share it.
final class GroupWriter: Sendable {
    private let connections: Mutex<StoreConnections>
    private let readers: StoreReaders
    private let rescue: StoreRescue
    private let pending: Mutex<PendingMutations>
    /// The number of the last transaction that is on the disk.
    private let committed: Atomic<Int64>
    private let delivery: ChangeDelivery
    /// Receives how long each commit took, and how many mutations it had.
    private let onCommit: OnCommit
    /// Why the last rescue failed. Another one is tried by a check only: it copies the whole store.
    private let lastRescue = Mutex<StoreError?>(nil)

    typealias OnCommit = SQLiteTaskStore.OnCommit

    /// - Parameter readers: switched to the new files after a rescue.
    init(
        _ connections: StoreConnections, readers: StoreReaders, rescue: StoreRescue,
        limits: PendingMutations.Limits, onCommit: @escaping OnCommit
    ) {
        self.committed = Atomic(connections.sequence)
        self.delivery = ChangeDelivery(after: connections.eventSequence)
        self.connections = Mutex(connections)
        self.readers = readers
        self.rescue = rescue
        self.pending = Mutex(PendingMutations(limits: limits))
        self.onCommit = onCommit
    }

    /// The number of the last transaction that is on the disk.
    var sequence: Int64 { committed.load(ordering: .acquiring) }

    /// How many mutations wait for a transaction.
    var waiting: Int { pending.withLock { $0.count } }

    /// The connection that writes now.
    var database: DatabaseQueue { connections.withLock { $0.writer } }

    /// Returns once the mutation's transaction is on the disk.
    ///
    /// - Parameter isCheck: whether it is worth another try to rescue a store that could not be rescued.
    func perform<Outcome: Sendable>(
        bytes: Int, isCheck: Bool = false, raisesSequence: Bool = true,
        _ mutation: @escaping @Sendable (WriteTransaction) throws -> Outcome
    ) async throws(StoreError) -> Outcome {
        let result: Result<Outcome, StoreError> = await withCheckedContinuation { caller in
            enter(
                PendingMutation(
                    apply: { transaction in
                        let outcome = try mutation(transaction)
                        return { caller.resume(returning: .success(outcome)) }
                    },
                    fail: { caller.resume(returning: .failure($0)) }, bytes: bytes, isCheck: isCheck,
                    raisesSequence: raisesSequence))
        }
        return try result.get()
    }

    /// Delivers the changes of each transaction before its callers resume.
    func deliverChanges(to receive: @escaping @Sendable ([CommittedChange]) -> Void) {
        delivery.receive(with: receive)
    }

    /// Refuses further mutations, writes the pending ones, and moves the log into the database file.
    func close() async {
        pending.withLock { $0.close() }
        await withCheckedContinuation { caller in end { caller.resume() } }
    }

    private func end(_ done: @escaping @Sendable () -> Void) {
        onWriter { db in
            // The rest went to another connection: the end comes after it.
            guard self.drain(db) else { return self.end(done) }
            // Only tidiness: what stays in the log is read from there at the next start.
            _ = try? db.checkpoint(.truncate)
            // The connection cannot close before.
            self.connections.withLock { $0.statements }.finalize()
            done()
        }
    }

    /// Runs work on the connection that is current when its turn comes.
    private func onWriter(_ work: @escaping @Sendable (Database) -> Void) {
        let writer = database
        writer.asyncWriteWithoutTransaction { db in
            guard self.database === writer else { return self.onWriter(work) }
            work(db)
        }
    }

    private func enter(_ mutation: PendingMutation) {
        switch pending.withLock({ $0.add(mutation) }) {
        case .joined: break
        case .first: onWriter { _ = self.drain($0) }
        case .full: mutation.fail(.unavailable("the store is behind: too many changes wait for the disk"))
        case .closed: mutation.fail(.unavailable("the store is closed"))
        }
    }

    /// Returns whether all was written here; otherwise another connection goes on.
    private func drain(_ db: Database) -> Bool {
        while true {
            let batch = pending.withLock { $0.nextBatch() }
            if batch.isEmpty { return true }
            guard commit(batch, in: db) else { return false }
        }
    }

    /// Commits one transaction. All callers get their outcomes after it, or all get its error.
    /// Returns whether this connection is still in charge.
    private func commit(_ batch: [PendingMutation], in db: Database) -> Bool {
        let start = ContinuousClock.now
        do {
            let replies = try write(batch, in: db)
            onCommit(start.duration(to: .now), batch.count)
            for reply in replies { reply() }
            return true
        } catch {
            do {
                guard let deleted = error as? StoreDeletedError else { throw error }
                try failOver(from: db, after: deleted, with: batch)
                return false
            } catch {
                let failure = rescue.errors.failure(error)
                for mutation in batch { mutation.fail(failure) }
                return true
            }
        }
    }

    private func write(_ batch: [PendingMutation], in db: Database) throws -> [@Sendable () -> Void] {
        do {
            return try transact(batch, in: db) { try $0.apply($1) }
        } catch  where SQLiteErrorMapper.concernsOneMutation(error) {
            // One is at fault, which is rare, and nothing of the batch is written. Savepoints for all of it
            // would cost the ordinary batch a copy of each page that a mutation touches.
            return try transact(batch, in: db) { try attempt($0, in: $1) }
        }
    }

    private func transact(
        _ batch: [PendingMutation], in db: Database,
        _ apply: (PendingMutation, WriteTransaction) throws -> @Sendable () -> Void
    ) throws -> [@Sendable () -> Void] {
        let (watch, statements) = connections.withLock { ($0.watch, $0.statements) }
        var replies: [@Sendable () -> Void] = []
        replies.reserveCapacity(batch.count)
        let changesTasks = batch.contains { !$0.isCheck }
        var isChanged = false
        var number: Int64?
        var written: WriteTransaction?
        try db.inTransaction(.immediate) {
            let transaction = try WriteTransaction(db, statements)
            try transaction.add(delivery.lateChanges(before: transaction))
            for mutation in batch {
                let changes = db.totalChangesCount
                replies.append(try apply(mutation, transaction))
                if mutation.raisesSequence, db.totalChangesCount != changes { isChanged = true }
            }
            try TaskTotalsTable.add(transaction.changes, in: transaction)
            // A transaction that changed nothing is no commit: counting it would make it one.
            if isChanged { number = try count(transaction) }
            try rescue.check(watch)
            if changesTasks { reached(.committing) }
            written = transaction
            return .commit
        }
        // Only now: who keeps the number outside the store must never be ahead of it.
        if let number { committed.store(number, ordering: .releasing) }
        if changesTasks { reached(.committed) }
        if let written { delivery.deliver(written) }
        return replies
    }

    /// Counts the transaction. Throws if a tool has put an older content into the file while it is in use:
    /// nothing is written then, so that the next start sees how old it is.
    private func count(_ transaction: WriteTransaction) throws -> Int64 {
        let number = try transaction.count()
        guard number > sequence else {
            throw StoreError.unavailable(
                "an older store was put into \(rescue.files.path) while it is in use; restart the gateway")
        }
        return number
    }

    /// Applies one mutation in a savepoint, so that its failure takes nothing else along.
    private func attempt(
        _ mutation: PendingMutation, in transaction: WriteTransaction
    ) throws -> @Sendable () -> Void {
        let db = transaction.db
        let changes = transaction.changes.count
        try db.cachedStatement(sql: "SAVEPOINT mutation").execute()
        do {
            let reply = try mutation.apply(transaction)
            try db.cachedStatement(sql: "RELEASE mutation").execute()
            return reply
        } catch  where SQLiteErrorMapper.concernsOneMutation(error) {
            try db.cachedStatement(sql: "ROLLBACK TO mutation").execute()
            try db.cachedStatement(sql: "RELEASE mutation").execute()
            transaction.forgetChanges(after: changes)
            let failure = rescue.errors.failure(error)
            return { mutation.fail(failure) }
        }
    }

    /// Rescues the store and fails over to the connection to the rescued file, beginning with this batch.
    ///
    /// The old connections close when the last read on them has ended. SQLite then leaves the log at the
    /// path alone, since it sees that its own file is no longer there (`SQLITE_FCNTL_HAS_MOVED`).
    private func failOver(
        from db: Database, after deleted: StoreDeletedError, with batch: [PendingMutation]
    ) throws {
        if let failure = lastRescue.withLock({ $0 }), !batch.contains(where: \.isCheck) { throw failure }
        let lost = connections.withLock { $0 }
        let opened: StoreConnections
        do {
            opened = try rescue.run(db, in: lost, because: deleted)
        } catch {
            lastRescue.withLock { $0 = rescue.errors.failure(error) }
            throw error
        }
        lastRescue.withLock { $0 = nil }
        // Before anything is committed: a caller that gets its outcome must find the change.
        readers.replace(with: opened.readers)
        connections.withLock { connections in
            connections = opened
            // Under the lock, so that nobody comes before this batch.
            opened.writer.asyncWriteWithoutTransaction { db in
                if self.commit(batch, in: db) { _ = self.drain(db) }
            }
        }
        // Here, on the queue of the connection that they belong to.
        lost.statements.finalize()
    }
}
