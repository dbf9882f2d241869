import Dispatch
import Gateway
import GRDB
import Synchronization

/// Reads beside the writer, a few at once, never on the caller's thread.
///
/// Not GRDB's asynchronous reads: those cross three threads, open a transaction, and fail in a cancelled task.
final class StoreReaders: Sendable {
    private struct Occupancy {
        var reads = 0
        var isClosed = false
        var closer: CheckedContinuation<Void, Never>?
    }

    private let pool: DatabasePool
    private let faults: StoreFaults
    /// As many as the pool has connections: no read ever blocks a thread to wait for one.
    private let queues: [DispatchQueue]
    private let turn = Atomic(0)
    private let occupancy = Mutex(Occupancy())

    init(_ pool: DatabasePool, faults: StoreFaults) {
        self.pool = pool
        self.faults = faults
        self.queues = (0..<StoreOpening.readersMax).map {
            DispatchQueue(label: "reelgate.store.read.\($0)", qos: .userInitiated)
        }
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreFailure) -> Value {
        guard enter() else { throw .unavailable("the store is closed") }
        defer { leave() }
        let index = turn.wrappingAdd(1, ordering: .relaxed).newValue
        let result = await withCheckedContinuation { caller in
            queues[Int(index.magnitude) % queues.count].async { [pool] in
                caller.resume(returning: Result { try pool.unsafeRead(body) })
            }
        }
        return try result.mapError(faults.failure).get()
    }

    /// Lets no further read begin, and returns when the last one has ended.
    func close() async {
        await withCheckedContinuation { caller in
            let isIdle = occupancy.withLock { occupancy in
                occupancy.isClosed = true
                if occupancy.reads > 0 { occupancy.closer = caller }
                return occupancy.reads == 0
            }
            if isIdle { caller.resume() }
        }
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
