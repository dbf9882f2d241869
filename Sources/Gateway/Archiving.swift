import CrashPoints
import Logging
import Synchronization
import VideoJobs

extension VideoGateway {
    /// One try to copy a task's videos. Returns when to try again, if it failed.
    func archive(_ id: TaskID) async -> MonotonicTime? {
        guard let record = cache.record(id.text), record.state == .archiving else { return nil }
        let began = began(id)
        do {
            let results = try await copyAll(record)
            reached(.resultsDecided)
            let expires = settings.keep.map { steadyTime.latest + $0 }
            try await finish(.archived(results, expires: expires, at: ports.clock.now()), id)
            reached(.completionPublished)
            copying.withLock { $0[id] = nil }
            return nil
        } catch ArchiveFailure.unavailable(let words) {
            // Says nothing of the video: its patience begins when the archive is back.
            ports.log.debug("the video of \(id) waits for the archive: \(words)")
            copying.withLock { $0[id] = nil }
            return ports.clock.monotonic() + settings.archiveRetryInterval * (1 + ports.jitter())
        } catch let failure as ArchiveFailure {
            return await noteFailure(failure, of: record, since: began)
        } catch {
            ports.log.debug("the copy of \(id) is here, but the store cannot note it yet: \(error)")
            return ports.clock.monotonic() + archiveDelay(record, atLeast: 1)
        }
    }

    /// How long to wait before the next try to copy.
    func archiveDelay(_ record: TaskRecord, atLeast failures: Int = 0) -> Duration {
        let failures = max(record.archiveFailures, failures)
        guard failures > 0 else { return .zero }
        return settings.archiveBackoff.delay(after: failures, retryAfter: nil, jitter: ports.jitter())
    }

    private func began(_ id: TaskID) -> MonotonicTime {
        let now = ports.clock.monotonic()
        return copying.withLock { copying in
            if let began = copying[id] { return began }
            copying[id] = now
            return now
        }
    }

    private func copyAll(_ record: TaskRecord) async throws -> [ArchivedResult] {
        var results: [ArchivedResult] = []
        for (index, link) in record.links.enumerated() {
            results.append(
                try await archiveHealth.watching { () throws(ArchiveFailure) in
                    try await ports.archive.copy(link, as: ContentPlace(task: record.id, index: index))
                })
        }
        return results
    }

    private func finish(_ event: TaskLifecycle.Event, _ id: TaskID) async throws(StoreFailure) {
        guard let outcome = try await journal.apply(event, to: id) else { return }
        perform(outcome.effects.filter { $0 != .archive }, for: outcome.record)
    }

    /// A copy that failed is tried again, with a fresh link if the old one is dead. It never causes another
    /// POST.
    private func noteFailure(
        _ failure: ArchiveFailure, of record: TaskRecord, since began: MonotonicTime
    ) async -> MonotonicTime? {
        ports.log.warning("the video of \(record.id) is not copied yet: \(failure.words)")
        let now = ports.clock.now()
        do {
            if ports.clock.monotonic() - began > settings.archivePatience {
                let loss = TaskFailure(
                    code: "result_lost", message: "the video could not be copied: \(failure.words)")
                try await finish(.gaveUp(loss, lateUntil: nil, at: now), record.id)
                copying.withLock { $0[record.id] = nil }
                return nil
            }
            try await finish(.archiveFailed(words: failure.words, at: now), record.id)
            if case .gone = failure { try await renewLinks(of: record) }
        } catch {
            ports.log.debug("the store cannot note that copying \(record.id) failed: \(error)")
        }
        return ports.clock.monotonic() + archiveDelay(cache.record(record.id.text) ?? record, atLeast: 1)
    }

    private func renewLinks(of record: TaskRecord) async throws(StoreFailure) {
        guard let theirs = record.providerTaskID, case .report(let report) = await ports.provider.poll(theirs)
        else {
            return
        }
        try await finish(.reported(report, at: ports.clock.now()), record.id)
    }
}

extension ArchiveFailure {
    /// What went wrong, without link or key.
    package var words: String {
        switch self {
        case .gone(let words), .transfer(let words), .notVideo(let words), .disk(let words),
            .tooLarge(let words), .unavailable(let words):
            words
        }
    }
}

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
            try await archiveHealth.watching { () throws(ArchiveFailure) in try await ports.archive.check() }
            let kept = try await health.watching { () throws(StoreFailure) in
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
        } catch ArchiveFailure.unavailable(let words) {
            ports.log.info("retention waits for the archive: \(words)")
        } catch {
            ports.log.error("retention stopped half way and goes on later: \(error)")
        }
    }

    private func removeContent(of record: TaskRecord) async throws {
        for index in record.results.indices {
            let place = ContentPlace(task: record.id, index: index)
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
