import VideoJobs

/// Marks open tasks that have taken longer than 95 of 100 earlier ones of their kind.
final class SlownessService: Sendable {
    private static let changesInFlight = 4
    /// Between attempts to store what was found.
    private static let storeRetryDelay: Duration = .seconds(5)

    private let ports: GatewayPorts
    private let repository: TaskRepository
    private let durations: DurationHistory
    private let steadyTime: SteadyTime
    private let scheduler: Scheduler

    init(
        ports: GatewayPorts, repository: TaskRepository, _ durations: DurationHistory,
        _ steadyTime: SteadyTime
    ) {
        self.ports = ports
        self.repository = repository
        self.durations = durations
        self.steadyTime = steadyTime
        scheduler = Scheduler(limit: Self.changesInFlight, ports: ports)
    }

    /// Looks at tasks when they become slow, until cancelled.
    func run() async { await scheduler.run { [weak self] in await self?.look(at: $0) } }

    /// Schedules the look at a task, unless there is one or nothing is known of its kind.
    func reconcile(_ record: TaskRecord) {
        guard let left = timeLeft(of: record), !scheduler.contains(record.id) else { return }
        scheduler.schedule(record.id, after: max(.zero, left))
    }

    /// Marks a task that is slow now. Returns when to look again; `nil` if there is no need to.
    private func look(at id: TaskID) async -> MonotonicTime? {
        guard let record = repository.cached(id.text), let left = timeLeft(of: record) else { return nil }
        guard left <= .zero else { return ports.clock.monotonic() + left }
        do {
            _ = try await repository.apply(.foundSlow(at: ports.clock.now()), to: id)
            return nil
        } catch {
            ports.log.debug(
                .taskSlowUnmarked, "a slow task is not marked yet",
                metadata: ["task_id": "\(id)", "reason": "\(error.message)"])
            return ports.clock.monotonic() + Self.storeRetryDelay
        }
    }

    /// Returns how long a task may still take; `nil` if that does not matter or is unknown.
    private func timeLeft(of record: TaskRecord) -> Duration? {
        guard record.canBecomeSlow, let accepted = record.accepted,
            let threshold = durations.slowThreshold(model: record.model, resolution: record.resolution)
        else { return nil }
        // Beyond the threshold, not at it; and not because a clock jumps ahead.
        return accepted + threshold + .milliseconds(1) - steadyTime.earliest
    }
}

extension TaskRecord {
    fileprivate var canBecomeSlow: Bool {
        switch state {
        case .running, .archiving: !isSlow
        case .queued, .sending, .completed, .failed, .uncertain, .cancelled: false
        }
    }
}
