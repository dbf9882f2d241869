package import VideoJobs

// Events, for streams that follow tasks.
extension VideoGateway {
    /// Returns stored events of all tasks in order, after a position in their sequence.
    ///
    /// - Parameter limit: 1…1000.
    package func events(after sequence: Int64, limit: Int) async throws(GatewayError) -> [SequencedTaskEvent]
    {
        try await services.events.events(after: sequence, limit: limit)
    }

    /// Returns stored events of one task in order, after the one with the given number.
    ///
    /// - Parameter limit: 1…1000.
    package func events(
        of id: TaskID, after number: Int, limit: Int
    ) async throws(GatewayError) -> [SequencedTaskEvent] {
        try await services.events.events(of: id, after: number, limit: limit)
    }

    /// Returns the position of the newest event; 0 if there is none.
    package func lastEventSequence() async throws(GatewayError) -> Int64 {
        try await services.events.lastEventSequence()
    }

    /// Returns a record with its place in the queue. Never waits.
    package func view(of record: TaskRecord) -> TaskView { services.tasks.view(record) }

    /// Starts work that outlives its caller and is not cancelled with it.
    package func start(_ work: @escaping @Sendable () async -> Void) { services.ports.start(work) }

    /// Calls a function after an interval.
    package func run(after interval: Duration, _ action: @escaping @Sendable () -> Void) {
        let clock = services.ports.clock
        let time = clock.monotonic() + interval
        services.ports.start {
            await clock.sleep(until: time)
            action()
        }
    }
}
