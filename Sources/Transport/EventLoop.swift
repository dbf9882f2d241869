/// A reactor as an actor: one queue, the sockets watched on it, and everything that lives with them.
///
/// Lives as long as the process: make one for each core, not one for each purpose.
package actor EventLoop {
    private let executor: LoopExecutor
    private let reactor: Reactor

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    package init(label: String) throws(SystemError) {
        executor = try LoopExecutor(label: label)
        reactor = executor.reactor
    }

    /// Runs a request handler's work with this loop as its executor.
    package nonisolated var taskExecutor: any TaskExecutor { executor }

    /// Whether the caller runs on this loop.
    package nonisolated var isCurrent: Bool { executor.isCurrent }

    /// Runs a closure on the loop, from anywhere.
    package func run<Value: Sendable>(_ body: @Sendable (Reactor) throws -> Value) throws -> Value {
        try body(reactor)
    }

    /// Returns once the loop has turned: for whoever wants to know that it does.
    package func turn() {}

    /// Runs a closure on the loop soon, from anywhere, without waiting for it. In the order of the calls of
    /// one thread.
    package nonisolated func post(_ body: @escaping @Sendable (Reactor) -> Void) {
        executor.submit(.call(body))
    }

    /// Enters the loop's isolation from a callback that already runs on it; traps elsewhere.
    package nonisolated func assumeOnLoop<Value: Sendable>(
        _ body: (Reactor) throws -> Value
    ) rethrows -> Value {
        executor.checkIsolated()
        return try body(executor.reactor)
    }

    /// Returns after the given time, or at once when the surrounding task is cancelled.
    package func sleep(for interval: Duration) async {
        let sleepContinuation = LoopBound(SleepContinuation(), on: self)
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { return continuation.resume() }
                let timer = reactor.schedule(after: interval) { sleepContinuation.value.end() }
                sleepContinuation.value.begin(continuation, timer)
            }
        } onCancel: {
            post { reactor in
                if let timer = sleepContinuation.value.timer { reactor.cancel(timer) }
                sleepContinuation.value.end()
            }
        }
    }
}

/// One sleeping task: ended by its timer or by cancellation, whichever comes first.
private final class SleepContinuation {
    private var continuation: CheckedContinuation<Void, Never>?
    private(set) var timer: TimerID?

    func begin(_ continuation: CheckedContinuation<Void, Never>, _ timer: TimerID) {
        self.continuation = continuation
        self.timer = timer
    }

    func end() {
        continuation?.resume()
        continuation = nil
        timer = nil
    }
}

/// Something that lives on a loop, in a form that may be carried elsewhere but not opened there.
// @unchecked because each access traps unless it happens on the loop that owns the value.
package final class LoopBound<Value>: @unchecked Sendable {
    private let held: Value
    private let loop: EventLoop

    /// The value must not be used elsewhere by another name.
    package init(_ value: Value, on loop: EventLoop) {
        held = value
        self.loop = loop
    }

    /// The value; traps outside its loop.
    package var value: Value {
        precondition(loop.isCurrent, "opened outside its event loop")
        return held
    }
}
