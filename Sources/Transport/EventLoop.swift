/// A reactor as an actor: one queue, the sockets watched on it, and everything that lives with them.
package actor EventLoop {
    package init(label: String) throws(SystemFailure) {}

    /// Runs a request handler's work with this loop as its executor.
    package nonisolated var taskExecutor: any TaskExecutor { fatalError("seam") }

    /// Runs a closure on the loop, from anywhere.
    package func run<Value: Sendable>(_ body: @Sendable (Reactor) throws -> Value) throws -> Value {
        fatalError("seam")
    }

    /// Enters the loop's isolation from a callback that already runs on it; traps elsewhere.
    package nonisolated func assumeOnLoop<Value: Sendable>(
        _ body: (Reactor) throws -> Value
    ) rethrows -> Value {
        fatalError("seam")
    }

    /// Returns after the given time, or at once when the surrounding task is cancelled.
    package func sleep(for interval: Duration) async {}
}
