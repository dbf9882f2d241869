import VideoJobs

/// Whether the archive that belongs to the store is available.
///
/// Also remembers single copies that are missing from a working archive: they are reported without making the
/// gateway unready.
final class ArchiveHealth: Sendable {
    private let binding: ArchiveBinding
    private let monitor: HealthMonitor<String>
    private let missingCopies = MissingCopies()

    init(ports: GatewayPorts, settings: GatewaySettings) {
        let binding = ArchiveBinding(ports: ports)
        self.binding = binding
        let log = ports.log
        monitor = HealthMonitor(
            ports: ports,
            policy: HealthMonitor.Policy(
                delay: { $0 == nil ? settings.storeCheckInterval : settings.archiveRetryInterval },
                probe: { [missingCopies] in
                    do { try await binding.check() } catch { return error.archiveMessage }
                    await missingCopies.removeFound(in: ports.archive)
                    return nil
                },
                logFailure: {
                    log.error(
                        .archiveUnavailable,
                        "the archive is not available; videos stay at the provider until it is",
                        metadata: ["reason": "\($0)"])
                },
                logRecovery: { log.notice(.archiveAvailable, "the archive is available again") }))
    }

    /// Why the archive cannot be used; `nil` while it can.
    var failure: String? { monitor.failure }
    /// Copies that should be in the archive and were not found.
    var missing: [ArtifactID] { missingCopies.all }

    /// Joins store and archive. A missing archive does not prevent the start: tasks can be read and jobs
    /// admitted without it.
    func join() async throws(StoreError) {
        do {
            try await binding.check()
        } catch let failure as StoreError {
            throw failure
        } catch {
            monitor.record(error.archiveMessage)
        }
    }

    /// Probes the archive until cancelled.
    func run() async { await monitor.run() }

    /// Calls the archive and records that it is not available.
    func recordingFailures<Value>(
        _ call: () async throws(ArchiveError) -> Value
    ) async throws(ArchiveError) -> Value {
        do {
            return try await call()
        } catch {
            if case .unavailable(let message) = error { monitor.record(message) }
            throw error
        }
    }

    /// Probes the archive now, and looks for the missing copies.
    func probe() async { await monitor.probe() }

    /// Records a copy that is missing. Returns whether that is new.
    func recordMissing(_ copy: ArtifactID) -> Bool { missingCopies.insert(copy) }

    /// Records that a copy was found, or is no longer expected.
    func removeMissing(_ copy: ArtifactID) { missingCopies.remove(copy) }
}

extension Error {
    fileprivate var archiveMessage: String {
        (self as? ArchiveError)?.message ?? (self as? StoreError)?.message ?? "\(self)"
    }
}
