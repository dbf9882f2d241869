import Synchronization

/// Runs pieces of work one after another, in the order of the calls.
final class SerialWork: Sendable {
    private let last = Mutex<Task<Void, Never>?>(nil)

    /// Runs work after all earlier work, and returns when it has ended. It is not cancelled with its caller.
    func run(_ ports: GatewayPorts, _ work: @escaping @Sendable () async -> Void) async {
        let task = last.withLock { last in
            let earlier = last
            let task = ports.start {
                await earlier?.value
                await work()
            }
            last = task
            return task
        }
        await task.value
    }
}
