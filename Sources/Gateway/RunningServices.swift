/// The tasks of running services.
struct RunningServices: Sendable {
    /// Services that end as soon as the gateway begins to stop: nothing new is begun.
    var early: [Task<Void, Never>] = []
    /// Services that go on until it stops.
    var late: [Task<Void, Never>] = []

    /// Cancels the services that begin new work.
    func cancelEarly() { for task in early { task.cancel() } }

    /// Cancels all services.
    func cancel() { for task in early + late { task.cancel() } }

    /// Cancels all services and waits until their work in progress has ended, but not beyond the deadline.
    func stop(by deadline: MonotonicTime, _ ports: GatewayPorts) async {
        cancel()
        let ended = AsyncEvent()
        ports.start {
            for task in early + late { await task.value }
            ended.set()
        }
        await ports.wait(for: ended, until: deadline)
    }
}
