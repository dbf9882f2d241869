import Gateway
import GRDB
import Synchronization

/// Reads beside the writer, a few at once, never on the caller's thread.
///
/// Not GRDB's pool: it asks for the schema's version before each read, and its asynchronous reads cross three
/// threads and fail in a cancelled task. Here a read is one statement on a connection's own queue.
final class StoreReaders: Sendable {
    private struct Occupancy {
        var databases: [DatabaseQueue]
        var reads = 0
        var isClosed = false
        var closer: CheckedContinuation<Void, Never>?
    }

    private let errors: SQLiteErrorMapper
    private let turn = Atomic(0)
    private let occupancy: Mutex<Occupancy>

    init(_ databases: [DatabaseQueue], errors: SQLiteErrorMapper) {
        self.occupancy = Mutex(Occupancy(databases: databases))
        self.errors = errors
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        guard let database = enter() else { throw .unavailable("the store is closed") }
        defer { leave() }
        let result = await withCheckedContinuation { caller in
            database.asyncUnsafeRead { connection in
                caller.resume(returning: Result { try body(connection.get()) })
            }
        }
        return try result.mapError(errors.failure).get()
    }

    /// Lets no further read begin, and returns closes the connections when the last one has ended.
    func close() async {
        await withCheckedContinuation { caller in
            let isIdle = occupancy.withLock { occupancy in
                occupancy.isClosed = true
                if occupancy.reads > 0 { occupancy.closer = caller }
                return occupancy.reads == 0
            }
            if isIdle { caller.resume() }
        }
        let databases = occupancy.withLock { $0.databases }
        // Fails only while statements run, and none do any more.
        for database in databases { try? database.close() }
    }

    /// Reads from other files from now on. The connections to the old ones close with their last read.
    func replace(with databases: [DatabaseQueue]) {
        let old = occupancy.withLock { occupancy in
            defer { if !occupancy.isClosed { occupancy.databases = databases } }
            return occupancy.databases
        }
        // Closing one waits for the disk: not under the lock.
        extendLifetime(old)
    }

    /// The connection for one read, which keeps it open until it has ended.
    private func enter() -> DatabaseQueue? {
        let turn = turn.wrappingAdd(1, ordering: .relaxed).newValue.magnitude
        return occupancy.withLock { occupancy in
            guard !occupancy.isClosed, !occupancy.databases.isEmpty else { return nil }
            occupancy.reads += 1
            return occupancy.databases[Int(turn % occupancy.databases.count.magnitude)]
        }
    }

    private func leave() {
        let closer = occupancy.withLock { occupancy in
            occupancy.reads -= 1
            return occupancy.reads == 0 ? occupancy.closer : nil
        }
        closer?.resume()
    }
}
