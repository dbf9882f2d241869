import CrashPoints
import Synchronization
import VideoJobs

/// Polls the provider for running tasks, and slowly for timed-out ones during their grace period.
final class PollService: Sendable {
    private let settings: GatewaySettings
    private let ports: GatewayPorts
    private let repository: TaskRepository
    private let scheduler: Scheduler
    private let log: PollLog
    private let pollProgress = Mutex<[TaskID: PollProgress]>([:])

    init(settings: GatewaySettings, ports: GatewayPorts, repository: TaskRepository) {
        self.settings = settings
        self.ports = ports
        self.repository = repository
        scheduler = Scheduler(
            limit: settings.pollsInFlight, ports: ports, observeLag: ports.observePollLag)
        log = PollLog(ports.log)
    }

    /// Polls due tasks until cancelled; returns when no poll is in progress.
    func run() async { await scheduler.run { [weak self] in await self?.poll($0) } }

    /// Schedules the first poll of a task, unless it is being polled already.
    func reconcile(_ record: TaskRecord, _ plan: WorkPlan) {
        switch plan {
        case .nothing, .submit, .archive: break
        case .poll(let first) where !scheduler.contains(record.id):
            scheduler.schedule(record.id, after: firstDelay(first, record))
        case .pollDuringGrace(let end) where !scheduler.contains(record.id):
            pollDuringGrace(record, until: end)
        case .poll, .pollDuringGrace: break
        }
    }

    private func firstDelay(_ first: WorkPlan.FirstPoll, _ record: TaskRecord) -> Duration {
        switch first {
        case .spread: return settings.poll.interval * ports.jitter()
        case .immediately:
            beginProgress(of: record.id)
            return .zero
        case .afterEstimate:
            beginProgress(of: record.id)
            let history = PollHistory(estimate: record.estimate)
            return settings.poll.delay(after: history, jitter: ports.jitter())
        }
    }

    private func beginProgress(of id: TaskID, graceEnds: MonotonicTime? = nil) {
        let now = ports.clock.monotonic()
        pollProgress.withLock { $0[id] = PollProgress(began: now, graceEnds: graceEnds) }
    }

    /// Schedules a timed-out task: it is polled once more at least, whatever the clocks say.
    private func pollDuringGrace(_ record: TaskRecord, until end: Timestamp) {
        // The only clock that lasts over a restart is one that can jump, so its interval is bounded.
        let left = min(max(.zero, end - ports.clock.now()), settings.gracePeriod)
        beginProgress(of: record.id, graceEnds: ports.clock.monotonic() + left)
        scheduler.schedule(record.id, after: settings.graceInterval * ports.jitter())
    }

    /// Polls one task. Returns when to poll it again; `nil` if there is no need to.
    private func poll(_ id: TaskID) async -> MonotonicTime? {
        guard let record = repository.cached(id.text), record.isPolled,
            let providerTaskID = record.providerTaskID
        else {
            endProgress(of: id)
            return nil
        }
        return await inTrace(of: record) { await poll(record, as: providerTaskID) }
    }

    private func poll(_ record: TaskRecord, as providerTaskID: ProviderTaskID) async -> MonotonicTime? {
        let id = record.id
        reached(.pollBegun)
        let outcome = await ports.provider.poll(providerTaskID)
        reached(.pollCompleted)
        let now = ports.clock.monotonic()
        let progress = pollProgress.withLock { all in
            var progress = all[id] ?? PollProgress(began: now)
            progress.record(outcome)
            all[id] = progress
            return progress
        }
        log.note(outcome, of: id, progress)
        await apply(event(for: outcome, progress, of: record), to: id)
        guard let after = repository.cached(id.text), after.isPolled else {
            endProgress(of: id)
            return nil
        }
        return now + nextDelay(after, progress, outcome, now)
    }

    private func nextDelay(
        _ record: TaskRecord, _ progress: PollProgress, _ outcome: PollOutcome, _ now: MonotonicTime
    ) -> Duration {
        if record.state == .failed {
            let pause = settings.graceInterval * (1 + ports.jitter() * GatewaySettings.graceSpread)
            return max(pause, min(outcome.retryAfter ?? .zero, PollSchedule.retryAfterMax))
        }
        let history = PollHistory(
            polls: progress.polls, failures: progress.failures, age: now - progress.began,
            estimate: record.estimate, retryAfter: outcome.retryAfter)
        return settings.poll.delay(after: history, jitter: ports.jitter())
    }

    /// Returns the event that a poll means: the provider's report, unless the time is over and it is no end.
    private func event(
        for outcome: PollOutcome, _ progress: PollProgress, of record: TaskRecord
    ) -> TaskLifecycle.Event? {
        let time = ports.clock.now()
        let now = ports.clock.monotonic()
        var event: TaskLifecycle.Event?
        if case .report(let report) = outcome { event = .reported(progress.interpreted(report), at: time) }
        if event?.endsTask == true { return event }
        // Set for a running task if its timeout could not be saved: then it is timed out again.
        if record.state != .running, let end = progress.graceEnds {
            return now >= end ? .gracePeriodEnded(at: time) : event
        }
        guard record.state == .running,
            let reason = progress.giveUpReason(at: now, deadline: settings.poll.deadline)
        else { return event }
        let left = settings.gracePeriod - (now - progress.began)
        guard left > .zero else { return .gaveUp(reason, graceDeadline: nil, at: time) }
        pollProgress.withLock { $0[record.id]?.graceEnds = now + left }
        return .gaveUp(reason, graceDeadline: time + left, at: time)
    }

    private func apply(_ event: TaskLifecycle.Event?, to id: TaskID) async {
        guard let event else { return }
        do {
            _ = try await repository.apply(event, to: id)
        } catch {
            // Nothing is lost: the next poll brings the same report again.
            ports.log.debug(
                .pollNotDurable, "a poll's report is not durable yet",
                metadata: ["task_id": "\(id)", "reason": "\(error.message)"])
        }
    }

    private func endProgress(of id: TaskID) { pollProgress.withLock { $0[id] = nil } }
}

extension TaskLifecycle.Event {
    /// Whether this report brings the task to its end by itself.
    fileprivate var endsTask: Bool {
        guard case .reported(let report, _) = self else { return false }
        switch report.status {
        case .failed, .cancelled: return true
        case .completed: return !report.links.isEmpty
        case .pending, .processing, .unknown: return false
        }
    }
}

extension PollOutcome {
    /// How long the provider asked to wait before the next poll.
    fileprivate var retryAfter: Duration? {
        switch self {
        case .report(let report): report.retryAfter
        case .unavailable(_, let wait): wait
        case .notKnown, .credentialsRejected: nil
        }
    }
}

extension TaskRecord {
    /// Whether the provider is polled about it.
    fileprivate var isPolled: Bool { state == .running || (state == .failed && graceDeadline != nil) }

    fileprivate var estimate: Duration? { estimatedSeconds.map { .seconds($0) } }
}
