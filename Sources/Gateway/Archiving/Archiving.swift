import CrashPoints
import Logging
import Synchronization
import VideoJobs

extension VideoGateway {
    /// One try to copy the results of a task that are not here yet. Returns when to try again, if there is
    /// something left to try.
    func archive(_ id: TaskID) async -> MonotonicTime? {
        guard let record = cache.record(id.text), record.isArchived else { return forgetCopies(id) }
        let progress = await copyMissing(record)
        if progress.isArchiveUnavailable {
            // Says nothing of the results: their patience begins when the archive is back.
            ports.log.debug("the video of \(id) waits for the archive")
            _ = forgetCopies(id)
            return ports.clock.monotonic() + settings.archiveRetryInterval * (1 + ports.jitter())
        }
        do {
            if let results = progress.publishable(for: record) {
                try await publish(results, of: record)
                guard cache.record(id.text)?.isArchived == true else { return forgetCopies(id) }
            } else if let failure = progress.firstFailure {
                guard try await note(failure, of: record, since: progress.began) else {
                    return forgetCopies(id)
                }
            }
        } catch {
            ports.log.debug("what copying \(id) came to is not in the store yet: \(error)")
        }
        return ports.clock.monotonic()
            + archiveDelay(
                cache.record(id.text) ?? record, atLeast: progress.tries, retryAfter: progress.retryAfter)
    }

    /// How long to wait before the next try to copy.
    func archiveDelay(
        _ record: TaskRecord, atLeast failures: Int = 0, retryAfter: Duration? = nil
    ) -> Duration {
        let failures = max(record.archiveFailures, failures)
        guard failures > 0 else { return .zero }
        return settings.archiveBackoff.delay(after: failures, retryAfter: retryAfter, jitter: ports.jitter())
    }

    private func forgetCopies(_ id: TaskID) -> MonotonicTime? {
        copies.withLock { $0[id] = nil }
        return nil
    }

    /// Tries each result that is missing, whatever became of the others.
    private func copyMissing(_ record: TaskRecord) async -> CopyProgress {
        let now = ports.clock.monotonic()
        var progress = copies.withLock { $0[record.id] } ?? CopyProgress(began: now)
        progress.beginTry()
        for index in record.missingResults where progress.results[index] == nil {
            let place = ArtifactID(task: record.id, index: index)
            do throws(ArchiveError) {
                let copied = try await archiveHealth.watching { () throws(ArchiveError) in
                    try await ports.archive.copy(record.links[index], as: place)
                }
                progress.note(copied, at: index)
            } catch {
                progress.note(error, at: index)
                // An archive that is away is logged once, for all tasks.
                if progress.isArchiveUnavailable { break }
                let what = record.links.count == 1 ? "the video" : "result \(index)"
                ports.log.warning("\(what) of \(record.id) is not copied yet: \(error.message)")
            }
        }
        copies.withLock { [progress] in $0[record.id] = progress }
        return progress
    }

    private func publish(_ results: [ArchivedResult], of record: TaskRecord) async throws(StoreError) {
        reached(.resultsDecided)
        let now = ports.clock.now()
        for result in results where !result.verified {
            ports.log.warning(
                "result \(result.fileIndex) of \(record.id) is published without having been verified")
        }
        if record.state == .completed {
            try await finish(.resultsArrived(results, at: now), record.id)
        } else {
            let isPartial = results.count < record.links.count
            if isPartial {
                ports.log.warning("\(record.id) is complete but for a result that cannot be copied yet")
            }
            let expires = settings.keep.map { steadyTime.latest + $0 }
            let late = isPartial ? now + settings.archiveTimeout : nil
            try await finish(.archived(results, expires: expires, graceDeadline: late, at: now), record.id)
        }
        reached(.completionPublished)
    }

    private func finish(_ event: TaskLifecycle.Event, _ id: TaskID) async throws(StoreError) {
        guard let outcome = try await journal.apply(event, to: id) else { return }
        perform(outcome.effects.filter { $0 != .archive }, for: outcome.record)
    }

    /// A copy that failed is tried again, with a fresh link if the old one is dead. It never causes another
    /// POST. Returns whether to go on.
    private func note(
        _ failure: ArchiveError, of record: TaskRecord, since began: MonotonicTime
    ) async throws(StoreError) -> Bool {
        let now = ports.clock.now()
        if record.state == .completed {
            if let end = record.graceDeadline, now >= end {
                ports.log.warning("a result of \(record.id) is given up on: \(failure.message)")
                try await finish(.lateWatchEnded(at: now), record.id)
                return false
            }
        } else if ports.clock.monotonic() - began > settings.archiveTimeout {
            let message = "the video could not be copied: \(failure.message)"
            ports.log.warning("\(record.id) has failed, result_lost: \(message)")
            let loss = FailureReason(code: "result_lost", message: message)
            try await finish(.gaveUp(loss, graceDeadline: nil, at: now), record.id)
            return false
        } else {
            try await finish(.archiveFailed(message: failure.message, at: now), record.id)
        }
        if failure.mayBeOver(after: record.archiveFailures) { try await renewLinks(of: record) }
        return true
    }

    private func renewLinks(of record: TaskRecord) async throws(StoreError) {
        guard let theirs = record.providerTaskID, case .report(let report) = await ports.provider.poll(theirs)
        else {
            return
        }
        try await finish(.reported(report, at: ports.clock.now()), record.id)
    }
}

extension TaskRecord {
    /// Whether results are being copied: all of them, or those that were missing when it was completed.
    fileprivate var isArchived: Bool { state == .archiving || (state == .completed && graceDeadline != nil) }

    /// The places among `links` of what is not here yet.
    var missingResults: [Int] {
        let here = Set(results.map(\.fileIndex))
        return links.indices.filter { !here.contains($0) }
    }
}

extension ArchiveError {
    /// After so many failures before, the provider is asked whether it has another link by now.
    private static let failuresOfOneLink = 2

    /// Whether the link may be over: an expired one is not always answered with 403, 404 or 410, but also
    /// with a page of HTML, a 400, or by a host that is gone.
    fileprivate func mayBeOver(after failures: Int) -> Bool {
        switch self {
        case .gone: true
        case .transfer, .notVideo: failures >= Self.failuresOfOneLink
        case .disk, .tooLarge, .unavailable: false
        }
    }
}
