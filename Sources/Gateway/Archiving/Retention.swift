import Logging
import VideoJobs

extension VideoGateway {
    func scheduleRetention(after delay: Duration) {
        retentionAlarm.set(for: ports.clock.monotonic() + delay) { [weak self] in
            self?.ports.start { [weak self] in
                await self?.retain()
                self?.scheduleRetention(after: self?.settings.retentionInterval ?? delay)
            }
        }
    }

    /// Removes videos whose time is over, and the oldest while all together are too many bytes.
    func retain() async {
        do {
            // In another folder nothing would be found, and all would look removed.
            try await archiveHealth.watching { () throws(ArchiveError) in try await ports.archive.check() }
            let kept = try await health.watching { () throws(StoreError) in
                try await ports.store.tasksWithContent(limit: 100_000)
            }
            // A clock that jumps ahead must not throw away what was paid for.
            let now = steadyTime.earliest
            var total = kept.reduce(0) { $0 + $1.contentBytes }
            for record in kept {
                let expired = record.contentExpires.map { $0 <= now } ?? false
                let tooMany = settings.archiveBytesMax.map { total > $0 } ?? false
                guard expired || tooMany else { continue }
                try await removeContent(of: record)
                total -= record.contentBytes
            }
        } catch ArchiveError.unavailable(let message) {
            ports.log.info("retention waits for the archive: \(message)")
        } catch {
            ports.log.error("retention stopped half way and goes on later: \(error)")
        }
    }

    private func removeContent(of record: TaskRecord) async throws {
        for result in record.results {
            let place = ArtifactID(task: record.id, index: result.fileIndex)
            try await ports.archive.remove(place)
            archiveHealth.forget(place)
        }
        _ = try await journal.apply(.contentRemoved(at: ports.clock.now()), to: record.id)
        ports.log.info("removed the video of \(record.id): retention")
    }
}

extension TaskRecord {
    fileprivate var contentBytes: Int64 { results.reduce(0) { $0 + $1.bytes } }
}
