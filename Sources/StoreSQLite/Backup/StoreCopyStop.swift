import GRDB
import Synchronization

/// Stops the copy of a store from another thread.
package final class StoreCopyStop: Sendable {
    private struct State {
        var isStopped = false
        /// The connection whose statement is interrupted.
        var database: DatabaseQueue?
    }

    private let state = Mutex(State())

    package init() {}

    /// Ends the copy soon; it then throws and leaves nothing.
    package func stop() {
        let database = state.withLock { state in
            state.isStopped = true
            return state.database
        }
        database?.interrupt()
    }

    /// Throws if the copy is to end.
    func check() throws {
        if state.withLock({ $0.isStopped }) { throw StoreCopyError.interrupted }
    }

    /// Runs work whose statements `stop` interrupts.
    func interrupting<Value>(_ database: DatabaseQueue, _ work: () throws -> Value) throws -> Value {
        state.withLock { $0.database = database }
        defer { state.withLock { $0.database = nil } }
        try check()
        let value = try work()
        try check()
        return value
    }
}
