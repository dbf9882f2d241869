import VideoJobs

/// Whether the store works.
final class StoreHealth: Sendable {
    private let monitor: HealthMonitor<StoreError>

    init(ports: GatewayPorts, settings: GatewaySettings) {
        let log = ports.log
        monitor = HealthMonitor(
            ports: ports,
            policy: HealthMonitor.Policy(
                delay: { failedProbes in
                    guard let failedProbes else { return settings.storeCheckInterval }
                    return settings.storeBackoff.delay(
                        after: failedProbes + 1, retryAfter: nil, jitter: ports.jitter())
                },
                probe: {
                    do throws(StoreError) { try await ports.store.check() } catch { return error }
                    return nil
                },
                isSame: { $0.kind == $1.kind },
                logFailure: {
                    log.error(
                        .storeUnavailable, "the store does not work; jobs are refused until it does",
                        metadata: ["reason": "\($0.message)"])
                },
                logRecovery: { log.notice(.storeAvailable, "the store works again") }))
    }

    /// Why the store does not work; `nil` while it does.
    var failure: StoreError? { monitor.failure }

    /// Why no job is admitted although the store might accept it: nothing is added to a damaged store.
    var corruption: StoreError? {
        guard let failure, case .damaged = failure else { return nil }
        return failure
    }

    /// Probes the store until cancelled.
    func run() async { await monitor.run() }

    /// Calls the store and records its failure.
    func recordingFailures<Value>(
        _ call: () async throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        do {
            return try await call()
        } catch {
            if case .oneTask = error { throw error }
            monitor.record(error)
            throw error
        }
    }

    /// Calls the store, records its failure and throws it as the gateway's.
    func throwingGatewayError<Value>(
        _ call: () async throws(StoreError) -> Value
    ) async throws(GatewayError) -> Value {
        do { return try await recordingFailures(call) } catch { throw .store(error) }
    }

    /// Returns when the store works again, or at the given time.
    func recovered(by time: MonotonicTime) async { await monitor.recovered(by: time) }
}

extension StoreError {
    /// The case without its message, which differs from call to call.
    fileprivate enum Kind { case locked, readOnly, full, newer, damaged, unavailable, oneTask }

    fileprivate var kind: Kind {
        switch self {
        case .locked: .locked
        case .readOnly: .readOnly
        case .full: .full
        case .newer: .newer
        case .damaged: .damaged
        case .unavailable: .unavailable
        case .oneTask: .oneTask
        }
    }
}
