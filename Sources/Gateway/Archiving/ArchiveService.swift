import CrashPoints
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
    private let slots: CopySlots
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
        scheduler = Scheduler(limit: settings.tasksCopied, ports: ports)
        slots = CopySlots(limit: settings.copiesInFlight, limitPerHost: settings.copiesPerHost)
    }

    /// Copies due results until cancelled; returns when no copy is in progress.
    func run() async {
        // Recovery has scheduled all tasks whose results are copied.
        await ports.archive.discardUnfinished(exceptOf: scheduler.tasks)
        await withTaskCancellationHandler {
            await scheduler.run { [weak self] in await self?.archive($0) }
        } onCancel: {
            slots.close()
        }
    }

    /// Schedules the copying of a task's results, unless it is scheduled already.
    func reconcile(_ record: TaskRecord, _ plan: WorkPlan, after before: TaskRecord?) {
        guard plan == .archive, !scheduler.contains(record.id) else { return }
        if before != nil { reached(.archivingDurable) }
        scheduler.schedule(record.id, after: .zero)
    }

    /// Returns when the first link of a result that is not copied yet expires; `nil` if none is missing.
    func nextLinkExpiry() -> Timestamp? {
        let copies = copies.withLock(\.self)
        return scheduler.tasks.lazy.compactMap { id -> Timestamp? in
            guard let record = self.repository.cached(id.text), record.isArchived else { return nil }
            let progress = copies[id] ?? CopyProgress(record, at: self.ports.clock.monotonic())
            return progress.nextExpiry(of: record, lifetime: self.settings.linkLifetime)
        }.min()
    }

    /// Tries once to copy the missing results that are due. Returns the next retry time; `nil` if nothing is
    /// left.
    private func archive(_ id: TaskID) async -> MonotonicTime? {
        guard let record = repository.cached(id.text), record.isArchived else {
            await ports.archive.discardUnfinished(of: id)
            return endCopies(of: id)
        }
        return await inTrace(of: record) { await archive(record) }
    }

    private func archive(_ record: TaskRecord) async -> MonotonicTime? {
        let id = record.id
        var progress = await copyDue(record)
        defer { copies.withLock { [progress] in if $0[id] != nil { $0[id] = progress } } }
        if progress.isArchiveUnavailable {
            // Not a failure of the result: its time to be retried starts when the archive is available.
            ports.log.debug(.archiveWaiting, "a video waits for the archive", metadata: ["task_id": "\(id)"])
            _ = endCopies(of: id)
            return ports.clock.monotonic() + settings.archiveRetryInterval * (1 + ports.jitter())
        }
        do {
            if let results = progress.publishable(for: record) {
                try await publish(results, of: record)
                guard repository.cached(id.text)?.isArchived == true else { return endCopies(of: id) }
            } else if let failure = progress.countedFailure(isLate: isLate(progress)) {
                guard try await note(failure, of: record, &progress) else { return endCopies(of: id) }
            }
        } catch {
            ports.log.debug(
                .archiveNotDurable, "the outcome of a copy is not durable yet",
                metadata: ["task_id": "\(id)", "reason": "\(error)"])
        }
        let now = ports.clock.monotonic()
        return progress.nextDue(repository.cached(id.text) ?? record, at: now)
            ?? now
            + settings.archiveBackoff.delay(
                after: progress.rounds, retryAfter: nil, jitter: ports.jitter())
    }

    /// Whether copying has taken longer than `archiveTimeout`: then an interruption counts as a failure.
    private func isLate(_ progress: CopyProgress) -> Bool {
        ports.clock.monotonic() - progress.began > settings.archiveTimeout
    }

    private func endCopies(of id: TaskID) -> MonotonicTime? {
        copies.withLock { $0[id] = nil }
        return nil
    }

    /// Tries each missing result that is due, whether or not another fails.
    private func copyDue(_ record: TaskRecord) async -> CopyProgress {
        var progress =
            copies.withLock { $0[record.id] } ?? CopyProgress(record, at: ports.clock.monotonic())
        progress.follow(record.links, seen: ports.clock.now(), at: ports.clock.monotonic())
        let due = progress.beginRound(record, at: ports.clock.monotonic())
        for (index, outcome) in await copy(due, of: record, progress) {
            switch outcome {
            case .success(let copied): progress.record(copied, at: index)
            case .failure(let error): recordFailure(error, at: index, of: record, &progress)
            }
        }
        copies.withLock { [progress] in $0[record.id] = progress }
        return progress
    }

    private func recordFailure(
        _ error: ArchiveError, at index: Int, of record: TaskRecord, _ progress: inout CopyProgress
    ) {
        let expiry = progress.expiry(of: index, lifetime: settings.linkLifetime)
        let lifetime = LinkLifetime(remaining: expiry - ports.clock.now())
        progress.record(error, at: index, now: ports.clock.monotonic()) { failures in
            lifetime.delay(
                settings.archiveBackoff, after: failures, retryAfter: error.retryAfter, jitter: ports.jitter()
            )
        }
        switch error {
        // An unavailable archive is logged once, for all tasks.
        case .unavailable, .interrupted: break
        case .gone, .transfer, .notVideo, .disk, .tooLarge:
            ports.log.warning(
                .archiveCopyFailed, "a result is not copied yet",
                metadata: ["task_id": "\(record.id)", "index": .number(index), "reason": "\(error.message)"])
        }
    }

    /// Copies results at the same time, as far as there are slots: one host must not delay another.
    private func copy(
        _ indices: [Int], of record: TaskRecord, _ progress: CopyProgress
    ) async -> [(index: Int, outcome: Result<ArchivedResult, ArchiveError>)] {
        await withTaskGroup { group in
            for index in indices {
                let expiry = progress.expiry(of: index, lifetime: settings.linkLifetime)
                group.addTask { (index, await self.copy(index, of: record, until: expiry)) }
            }
            return await group.reduce(into: []) { outcomes, one in
                if let outcome = one.1 { outcomes.append((one.0, outcome)) }
            }
        }
    }

    /// Copies one result; `nil` if the gateway stops first.
    private func copy(
        _ index: Int, of record: TaskRecord, until expiry: Timestamp
    ) async -> Result<ArchivedResult, ArchiveError>? {
        let link = record.links[index]
        let host = LinkExpiry.host(of: link)
        guard await slots.take(host: host, expiry: expiry) else { return nil }
        defer { slots.release(host: host) }
        let lifetime = LinkLifetime(remaining: expiry - ports.clock.now())
        do throws(ArchiveError) {
            let copied = try await health.recordingFailures { () throws(ArchiveError) in
                try await ports.archive.copy(
                    link, as: ArtifactID(task: record.id, index: index), stallTimeout: lifetime.stallTimeout)
            }
            return .success(copied)
        } catch {
            return .failure(error)
        }
    }
}

// Outcomes of copying.
extension ArchiveService {
    private func publish(_ results: [ArchivedResult], of record: TaskRecord) async throws(StoreError) {
        reached(.resultsVerified)
        let now = ports.clock.now()
        for result in results where !result.verified {
            ports.log.warning(
                .archiveUnverified, "a result is published without having been verified",
                metadata: ["task_id": "\(record.id)", "index": .number(result.fileIndex)])
        }
        if record.state == .completed {
            try await apply(.resultsArrived(results, at: now), to: record.id)
        } else {
            let isPartial = results.count < record.links.count
            if isPartial {
                ports.log.warning(
                    .archiveIncomplete, "a task is complete but for a result that cannot be copied yet",
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

    /// Records a failed copy. It is retried, with a fresh link if the old one has expired, and never causes
    /// another POST. Returns whether to go on.
    private func note(
        _ failure: ArchiveError, of record: TaskRecord, _ progress: inout CopyProgress
    ) async throws(StoreError) -> Bool {
        let now = ports.clock.now()
        let metadata: StructuredLog.Fields = ["task_id": "\(record.id)", "reason": "\(failure.message)"]
        if record.state == .completed {
            if let end = record.graceDeadline, now >= end {
                ports.log.warning(.archiveResultLost, "a missing result is given up on", metadata: metadata)
                try await apply(.gracePeriodEnded(at: now), to: record.id)
                await ports.archive.discardUnfinished(of: record.id)
                return false
            }
        } else if isLate(progress) {
            ports.log.warning(
                .archiveResultLost, "a task has failed, result_lost: its video could not be copied",
                metadata: metadata)
            let loss = FailureReason(
                code: "result_lost", message: "the video could not be copied: \(failure.message)")
            try await apply(.gaveUp(loss, graceDeadline: nil, at: now), to: record.id)
            await ports.archive.discardUnfinished(of: record.id)
            return false
        } else {
            try await apply(
                .archiveFailed(message: failure.message, isBlocked: failure.needsPerson, at: now),
                to: record.id)
        }
        if failure.mayHaveExpiredLink(after: record.archiveFailures) {
            try await renewLinks(of: record, &progress)
        }
        return true
    }

    /// Asks the provider for other links, not more often than a running task is polled.
    private func renewLinks(
        of record: TaskRecord, _ progress: inout CopyProgress
    ) async throws(StoreError) {
        let interval = settings.poll.interval
        guard let providerTaskID = record.providerTaskID,
            progress.beginRenewal(at: ports.clock.monotonic(), interval: interval),
            // The provider's API counts as a host.
            await slots.take(host: "", expiry: ports.clock.now())
        else { return }
        let outcome = await ports.provider.poll(providerTaskID)
        slots.release(host: "")
        guard case .report(let report) = outcome else { return }
        let now = ports.clock.now()
        try await apply(.reported(report, at: now), to: record.id)
        let links = repository.cached(record.id.text)?.links ?? record.links
        progress.follow(links, seen: now, at: ports.clock.monotonic())
    }
}

extension TaskRecord {
    /// Whether results are copied: all of them, or those that were missing when the task was completed.
    fileprivate var isArchived: Bool { state == .archiving || (state == .completed && graceDeadline != nil) }
}

extension ArchiveError {
    /// Whether no further try succeeds before a person has done something.
    fileprivate var needsPerson: Bool {
        switch self {
        case .disk, .tooLarge: true
        case .gone, .transfer, .interrupted, .notVideo, .unavailable: false
        }
    }

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
