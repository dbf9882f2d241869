import VideoJobs

/// Reads the events that the store keeps.
struct EventReader: Sendable {
    let ports: GatewayPorts
    let health: StoreHealth

    /// Returns events of all tasks after a position in their sequence.
    func events(after sequence: Int64, limit: Int) async throws(GatewayError) -> [SequencedTaskEvent] {
        try await health.throwingGatewayError { () throws(StoreError) in
            try await ports.store.events(after: sequence, limit: limit)
        }
    }

    /// Returns events of one task after the one with the given number.
    func events(
        of id: TaskID, after number: Int, limit: Int
    ) async throws(GatewayError) -> [SequencedTaskEvent] {
        try await health.throwingGatewayError { () throws(StoreError) in
            try await ports.store.events(of: id, after: number, limit: limit)
        }
    }

    /// Returns the position of the newest event.
    func lastEventSequence() async throws(GatewayError) -> Int64 {
        try await health.throwingGatewayError { () throws(StoreError) in
            try await ports.store.lastEventSequence()
        }
    }
}
