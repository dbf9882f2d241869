import CrashPoints
import Logging
import Synchronization
import VideoJobs

/// Copies the results of finished tasks into the archive, with retries and fresh links.
final class ArchiveService: Sendable {
    private let settings: GatewaySettings
    private let ports: GatewayPorts
    private let repository: TaskRepository
    private let health: ArchiveHealth
    private let steadyTime: SteadyTime
    private let scheduler: Scheduler
    private let copies = Mutex<[TaskID: CopyProgress]>([:])

    init(
        settings: GatewaySettings, ports: GatewayPorts, repository: TaskRepository, health: ArchiveHealth,
        steadyTime: SteadyTime
    ) {
        self.settings = settings
        self.ports = ports
        self.repository = repository
        self.health = health
        self.steadyTime = steadyTime
        scheduler = Scheduler(limit: settings.copiesInFlight, ports: ports)
    }

    /// Copies due results until cancelled; returns when no copy is in progress.
    func run() async {
        // Recovery has scheduled all tasks whose results are copied.
        await ports.archive.discardUnfinished(exceptOf: scheduler.tasks)
        await scheduler.run { [weak self] in await self?.archive($0) }
    }

    /// Schedules the copying of a task's results, unless it is scheduled already.
    func reconcile(_ record: TaskRecord, _ plan: WorkPlan, after before: TaskRecord?) {
        guard plan == .archive, !scheduler.contains(record.id) else { return }
        if before != nil { reached(.archivingDurable) }
        scheduler.schedule(record.id, after: .zero)
    }

    /// Tries once to copy the missing results of a task. Returns the next retry time; `nil` if nothing is
    /// left.
    private func archive(_ id: TaskID) async -> MonotonicTime? {
        guard let record = repository.cached(id.text), record.isArchived else {
            await ports.archive.discardUnfinished(of: id)
            return endCopies(of: id)
        }
        let progress = await copyMissing(record)
        if progress.isArchiveUnavailable {
            // Not a failure of the result: its time to be retried starts when the archive is available.
            ports.log.debug("a video waits for the archive", metadata: ["task_id": "\(id)"])
            _ = endCopies(of: id)
            return ports.clock.monotonic() + settings.archiveRetryInterval * (1 + ports.jitter())
        }
        if let delay = continuationDelay(of: progress, id) { return ports.clock.monotonic() + delay }
        do {
            if let results = progress.publishable(for: record) {
                try await publish(results, of: record)
                guard repository.cached(id.text)?.isArchived == true else { return endCopies(of: id) }
            } else if let failure = progress.firstFailure {
                guard try await note(failure, of: record, since: progress.began) else {
                    return endCopies(of: id)
                }
            }
        } catch {
            ports.log.debug(
                "the outcome of a copy is not durable yet",
                metadata: ["task_id": "\(id)", "reason": "\(error)"])
        }
        return ports.clock.monotonic()
            + retryDelay(
                repository.cached(id.text) ?? record, atLeast: progress.tries,
                retryAfter: progress.retryAfter)
    }

    /// Returns how soon an interrupted copy is continued, which is no failure; `nil` if there is none, or
    /// after `archiveTimeout`.
    private func continuationDelay(of progress: CopyProgress, _ id: TaskID) -> Duration? {
        guard let delay = progress.continuationDelay,
            ports.clock.monotonic() - progress.began <= settings.archiveTimeout
        else { return nil }
        copies.withLock { $0[id]?.discountTry() }
        return delay
    }

    private func retryDelay(_ record: TaskRecord, atLeast failures: Int, retryAfter: Duration?) -> Duration {
        let failures = max(record.archiveFailures, failures)
        guard failures > 0 else { return .zero }
        return settings.archiveBackoff.delay(after: failures, retryAfter: retryAfter, jitter: ports.jitter())
    }

    private func endCopies(of id: TaskID) -> MonotonicTime? {
        copies.withLock { $0[id] = nil }
        return nil
    }

    /// Tries each missing result, whether or not another fails.
    private func copyMissing(_ record: TaskRecord) async -> CopyProgress {
        let now = ports.clock.monotonic()
        var progress = copies.withLock { $0[record.id] } ?? CopyProgress(began: now)
        progress.beginTry()
        for index in record.missingResults where progress.results[index] == nil {
            let artifact = ArtifactID(task: record.id, index: index)
            do throws(ArchiveError) {
                let copied = try await health.recordingFailures { () throws(ArchiveError) in
                    try await ports.archive.copy(record.links[index], as: artifact)
                }
                progress.record(copied, at: index)
            } catch {
                progress.record(error, at: index)
                // An unavailable archive is logged once, for all tasks.
                if progress.isArchiveUnavailable { break }
                if case .interrupted = error { continue }
                ports.log.warning(
                    "a result is not copied yet",
                    metadata: [
                        "task_id": "\(record.id)", "index": "\(index)", "reason": "\(error.message)",
                    ])
            }
        }
        copies.withLock { [progress] in $0[record.id] = progress }
        return progress
    }
}

// Outcomes of copying.
extension ArchiveService {
    private func publish(_ results: [ArchivedResult], of record: TaskRecord) async throws(StoreError) {
        reached(.resultsVerified)
        let now = ports.clock.now()
        for result in results where !result.verified {
            ports.log.warning(
                "a result is published without having been verified",
                metadata: ["task_id": "\(record.id)", "index": "\(result.fileIndex)"])
        }
        if record.state == .completed {
            try await apply(.resultsArrived(results, at: now), to: record.id)
        } else {
            let isPartial = results.count < record.links.count
            if isPartial {
                ports.log.warning(
                    "a task is complete but for a result that cannot be copied yet",
                    metadata: ["task_id": "\(record.id)"])
            }
            let expires = settings.keep.map { steadyTime.latest + $0 }
            let deadline = isPartial ? now + settings.archiveTimeout : nil
            try await apply(
                .archived(results, expires: expires, graceDeadline: deadline, at: now), to: record.id)
        }
        reached(.completionPublished)
    }

    private func apply(_ event: TaskLifecycle.Event, to id: TaskID) async throws(StoreError) {
        _ = try await repository.apply(event, to: id)
    }

    /// Records a failed copy. It is retried, with a fresh link if the old one is dead, and never causes
    /// another POST. Returns whether to go on.
    private func note(
        _ failure: ArchiveError, of record: TaskRecord, since began: MonotonicTime
    ) async throws(StoreError) -> Bool {
        let now = ports.clock.now()
        let metadata: Logger.Metadata = ["task_id": "\(record.id)", "reason": "\(failure.message)"]
        if record.state == .completed {
            if let end = record.graceDeadline, now >= end {
                ports.log.warning("a missing result is given up on", metadata: metadata)
                try await apply(.gracePeriodEnded(at: now), to: record.id)
                await ports.archive.discardUnfinished(of: record.id)
                return false
            }
        } else if ports.clock.monotonic() - began > settings.archiveTimeout {
            ports.log.warning(
                "a task has failed, result_lost: its video could not be copied", metadata: metadata)
            let loss = FailureReason(
                code: "result_lost", message: "the video could not be copied: \(failure.message)")
            try await apply(.gaveUp(loss, graceDeadline: nil, at: now), to: record.id)
            await ports.archive.discardUnfinished(of: record.id)
            return false
        } else {
            try await apply(.archiveFailed(message: failure.message, at: now), to: record.id)
        }
        if failure.mayHaveExpiredLink(after: record.archiveFailures) { try await renewLinks(of: record) }
        return true
    }

    private func renewLinks(of record: TaskRecord) async throws(StoreError) {
        guard let providerTaskID = record.providerTaskID,
            case .report(let report) = await ports.provider.poll(providerTaskID)
        else { return }
        try await apply(.reported(report, at: ports.clock.now()), to: record.id)
    }
}

extension TaskRecord {
    /// Whether results are copied: all of them, or those that were missing when the task was completed.
    fileprivate var isArchived: Bool { state == .archiving || (state == .completed && graceDeadline != nil) }

    /// The indices among `links` of results that are not archived yet.
    fileprivate var missingResults: [Int] {
        let archived = Set(results.map(\.fileIndex))
        return links.indices.filter { !archived.contains($0) }
    }
}

extension ArchiveError {
    /// Failures before after which the provider is asked for another link.
    private static let failuresOfOneLink = 2

    /// Whether the link may have expired: the response to an expired one is not always 403, 404 or 410, but
    /// also with a page of HTML, a 400, or by a host that is gone.
    fileprivate func mayHaveExpiredLink(after failures: Int) -> Bool {
        switch self {
        case .gone: true
        case .transfer, .interrupted, .notVideo: failures >= Self.failuresOfOneLink
        case .disk, .tooLarge, .unavailable: false
        }
    }
}
