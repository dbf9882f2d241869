/// An event loop: a reactor as an actor on one serial queue, with the sockets registered on it and everything
/// that depends on them.
///
/// Lives as long as the process: create one per core, not one per purpose.
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

    /// An executor that runs a request handler's tasks on this loop.
    package nonisolated var taskExecutor: any TaskExecutor { executor }

    /// Whether the caller runs on this loop.
    package nonisolated var isCurrent: Bool { executor.isCurrent }

    /// Runs a closure on the loop and returns its result. Callable from any thread.
    package func run<Value: Sendable>(_ body: @Sendable (Reactor) throws -> Value) throws -> Value {
        try body(reactor)
    }

    /// Returns after the loop has completed a turn; used to check that it is responsive.
    package func turn() {}

    /// Runs a closure on the loop soon, without waiting for it. Callable from any thread; keeps the order of
    /// one thread's calls.
    package nonisolated func post(_ body: @escaping @Sendable (Reactor) -> Void) {
        executor.submit(.call(body))
    }

    /// Suspends for the given time, or until the surrounding task is cancelled.
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

/// A sleeping task, resumed by its timer or by cancellation, whichever comes first.
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
