import CrashPoints
import VideoJobs

/// Recovers the tasks with work left when the gateway starts.
struct RecoveryService: Sendable {
    let settings: GatewaySettings
    let ports: GatewayPorts
    let repository: TaskRepository
    let restoration: RestorationService

    /// Recovers the unfinished tasks that this gateway can claim, in admission order: `sending` becomes
    /// `uncertain`, everything else resumes. In a restored store `queued` becomes `uncertain` too.
    ///
    /// Returns the store's identity. Throws if the store cannot be read or grants no claim; the next start
    /// begins again.
    func recover() async throws(StoreError) -> StoreIdentity {
        reached(.recoveryBegun)
        let identity = try await restoration.detect()
        let isOutdated = identity.restoration == .detected
        var count = 0
        var tasks = try await ClaimedTasks(ports, settings)
        while let page = try await tasks.next() {
            let unsent = isOutdated ? page.filter(\.mayHaveBeenSent) : []
            try await restoration.makeUncertain(unsent)
            count += unsent.count
            for record in page where !(isOutdated && record.mayHaveBeenSent) { try await recover(record) }
        }
        try await restoration.endDetection(of: identity, madeUncertain: count)
        reached(.recoveryEnded)
        return identity
    }

    private func recover(_ record: TaskRecord) async throws(StoreError) {
        guard record.state == .sending else { return repository.feed.publish(record, after: nil) }
        // No process sends it any more.
        repository.feed.show(record)
        _ = try await repository.apply(.interrupted(at: ports.clock.now()), to: record.id)
        reached(.interruptionDurable)
    }
}

extension TaskRecord {
    /// Whether a restored store cannot know that it was sent.
    fileprivate var mayHaveBeenSent: Bool { state == .queued || state == .sending }
}
