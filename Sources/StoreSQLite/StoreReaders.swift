import Gateway
import GRDB
import Synchronization

/// Reads beside the writer, a few at once, never on the caller's thread.
///
/// Not GRDB's pool: it asks for the schema's version before each read, and its asynchronous reads cross three
/// threads and fail in a cancelled task. Here a read is one statement on a connection's own queue.
final class StoreReaders: Sendable {
    private struct Occupancy {
        var reads = 0
        var isClosed = false
        var closer: CheckedContinuation<Void, Never>?
    }

    private let databases: [DatabaseQueue]
    private let faults: StoreFaults
    private let turn = Atomic(0)
    private let occupancy = Mutex(Occupancy())

    init(_ databases: [DatabaseQueue], faults: StoreFaults) {
        self.databases = databases
        self.faults = faults
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreFailure) -> Value {
        guard enter() else { throw .unavailable("the store is closed") }
        defer { leave() }
        let turn = turn.wrappingAdd(1, ordering: .relaxed).newValue
        let database = databases[Int(turn.magnitude % databases.count.magnitude)]
        let result = await withCheckedContinuation { caller in
            database.asyncUnsafeRead { connection in
                caller.resume(returning: Result { try body(connection.get()) })
            }
        }
        return try result.mapError(faults.failure).get()
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
        // Fails only while statements run, and none do any more.
        for database in databases { try? database.close() }
    }

    private func enter() -> Bool {
        occupancy.withLock { occupancy in
            if !occupancy.isClosed { occupancy.reads += 1 }
            return !occupancy.isClosed
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
