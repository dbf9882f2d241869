import Logging
import VideoJobs

/// Removes videos whose time is over, and the oldest while all together exceed the size limit.
final class RetentionService: Sendable {
    /// Completed tasks that one pass looks at.
    private static let passMax = 100_000

    private let settings: GatewaySettings
    private let ports: GatewayPorts
    private let repository: TaskRepository
    private let store: StoreHealth
    private let archive: ArchiveHealth
    private let steadyTime: SteadyTime

    init(
        settings: GatewaySettings, ports: GatewayPorts, repository: TaskRepository,
        health: (store: StoreHealth, archive: ArchiveHealth), steadyTime: SteadyTime
    ) {
        self.settings = settings
        self.ports = ports
        self.repository = repository
        store = health.store
        archive = health.archive
        self.steadyTime = steadyTime
    }

    /// Runs a pass at each interval until cancelled. A pass in progress is not cancelled.
    func run() async {
        while true {
            await ports.clock.sleep(until: ports.clock.monotonic() + settings.retentionInterval)
            guard !Task.isCancelled else { return }
            await ports.start { [weak self] in await self?.removeExpired() }.value
        }
    }

    private func removeExpired() async {
        do {
            // In another folder nothing would be found, and all would look removed.
            try await archive.recordingFailures { () throws(ArchiveError) in try await ports.archive.check() }
            let kept = try await store.recordingFailures { () throws(StoreError) in
                try await ports.store.tasksWithContent(limit: Self.passMax)
            }
            // A clock that jumps ahead must not remove paid videos.
            let now = steadyTime.earliest
            var total = kept.reduce(0) { $0 + $1.contentBytes }
            for record in kept {
                let isExpired = record.contentExpires.map { $0 <= now } ?? false
                let isTooMuch = settings.archiveBytesMax.map { total > $0 } ?? false
                guard isExpired || isTooMuch else { continue }
                try await removeContent(of: record)
                total -= record.contentBytes
            }
        } catch ArchiveError.unavailable(let message) {
            ports.log.info("retention waits for the archive", metadata: ["reason": "\(message)"])
        } catch {
            ports.log.error("a retention pass failed and is repeated later", metadata: ["reason": "\(error)"])
        }
    }

    private func removeContent(of record: TaskRecord) async throws {
        for result in record.results {
            let artifact = ArtifactID(task: record.id, index: result.fileIndex)
            try await ports.archive.remove(artifact)
            archive.removeMissing(artifact)
        }
        _ = try await repository.apply(.contentRemoved(at: ports.clock.now()), to: record.id)
        ports.log.info("retention removed a video", metadata: ["task_id": "\(record.id)"])
    }
}

extension TaskRecord {
    fileprivate var contentBytes: Int64 { results.reduce(0) { $0 + $1.bytes } }
}
