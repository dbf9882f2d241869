import Synchronization

/// Counts the changes of tokens, roles and sessions. What was decided about a caller holds for one epoch:
/// waiting requests and event streams look again when it ends.
package final class PolicyEpoch: Sendable {
    private let epoch = Atomic<Int>(0)
    private let observers = Mutex<[@Sendable () -> Void]>([])

    init() {}

    package var current: Int { epoch.load(ordering: .acquiring) }

    /// Calls a function after each change, before the call that caused it returns.
    package func observe(_ observer: @escaping @Sendable () -> Void) {
        observers.withLock { $0.append(observer) }
    }

    /// Begins the next epoch.
    func advance() {
        epoch.add(1, ordering: .releasing)
        for observer in observers.withLock(\.self) { observer() }
    }
}
