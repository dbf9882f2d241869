import Synchronization

/// Asynchronous work on a `SteppedExecutor`.
package final class StartedWork<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        var cancel: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    init() {}

    /// The value that the work returned; `nil` while it has not.
    package var result: Value? { state.withLock { $0.value } }

    /// Cancels the work.
    package func cancel() { state.withLock { $0.cancel }?() }

    /// Records the returned value.
    func end(with value: Value) { state.withLock { $0.value = value } }
    /// Sets the function that cancels the work.
    func onCancel(_ cancel: @escaping @Sendable () -> Void) {
        state.withLock { $0.cancel = cancel }
    }
}
