import CrashPoints
import Logging
import Synchronization
import VideoJobs

extension VideoGateway {
    /// One poll of one task. Returns when to ask again, if there is more to learn.
    func poll(_ id: TaskID) async -> MonotonicTime? {
        guard let record = cache.record(id.text), record.isAskedAbout, let theirs = record.providerTaskID
        else {
            forgetCourse(id)
            return nil
        }
        reached(.pollBegun)
        let outcome = await ports.provider.poll(theirs)
        reached(.pollAnswered)
        let now = ports.clock.monotonic()
        let course = courses.withLock { courses in
            courses[id, default: PollProgress(began: now)].note(outcome)
            return courses[id] ?? PollProgress(began: now)
        }
        log(outcome, id, course)
        await apply(event(for: outcome, course, of: record), to: id)
        guard let after = cache.record(id.text), after.isAskedAbout else {
            forgetCourse(id)
            return nil
        }
        return now + nextPollDelay(after, course, outcome, now)
    }

    /// Takes up again a task that was given up on: asked once more at least, whatever the clocks say.
    func pollDuringGrace(_ record: TaskRecord, until time: Timestamp) {
        let now = ports.clock.monotonic()
        // The only clock that lasts over a restart is one that can jump: its word is bounded.
        let left = min(max(.zero, time - ports.clock.now()), settings.gracePeriod)
        courses.withLock { $0[record.id] = PollProgress(began: now, lateEnds: now + left) }
        poller.plan(record.id, after: settings.lateInterval * ports.jitter())
    }

    func firstPollDelay(_ record: TaskRecord) -> Duration {
        let now = ports.clock.monotonic()
        courses.withLock { $0[record.id] = PollProgress(began: now) }
        return settings.poll.delay(
            after: PollHistory(estimate: record.estimate), jitter: ports.jitter())
    }

    private func nextPollDelay(
        _ record: TaskRecord, _ course: PollProgress, _ outcome: PollOutcome, _ now: MonotonicTime
    ) -> Duration {
        let retryAfter = outcome.retryAfter
        if record.state == .failed {
            let pause = settings.lateInterval * (1 + ports.jitter() / 4)
            return max(pause, min(retryAfter ?? .zero, PollSchedule.retryAfterMax))
        }
        let history = PollHistory(
            polls: course.polls, failures: course.failures, age: now - course.began,
            estimate: record.estimate, retryAfter: retryAfter)
        return settings.poll.delay(after: history, jitter: ports.jitter())
    }

    /// What a poll means for a task: what the provider said, unless patience is over and that is no end.
    private func event(
        for outcome: PollOutcome, _ course: PollProgress, of record: TaskRecord
    ) -> TaskLifecycle.Event? {
        let time = ports.clock.now()
        let now = ports.clock.monotonic()
        var event: TaskLifecycle.Event?
        if case .report(let report) = outcome { event = .reported(course.interpreted(report), at: time) }
        if event?.endsTask == true { return event }
        // Set while the task still runs if giving up could not be noted: then it is given up again.
        if record.state != .running, let ends = course.lateEnds {
            return now >= ends ? .lateWatchEnded(at: time) : event
        }
        guard record.state == .running,
            let reason = course.giveUpReason(at: now, deadline: settings.poll.deadline)
        else { return event }
        let left = settings.gracePeriod - (now - course.began)
        guard left > .zero else { return .gaveUp(reason, graceDeadline: nil, at: time) }
        courses.withLock { $0[record.id]?.lateEnds = now + left }
        return .gaveUp(reason, graceDeadline: time + left, at: time)
    }

    private func apply(_ event: TaskLifecycle.Event?, to id: TaskID) async {
        guard let event else { return }
        do {
            guard let outcome = try await journal.apply(event, to: id) else { return }
            // The next poll is planned by whoever called; asking for it here would reset the course.
            perform(outcome.effects.filter { $0 != .poll }, for: outcome.record)
        } catch {
            // Nothing is lost: the next poll brings the same report again.
            ports.log.debug("what the provider said of \(id) is not durable yet: \(error.message)")
        }
    }

    private func forgetCourse(_ id: TaskID) { courses.withLock { $0[id] = nil } }

    private func log(_ outcome: PollOutcome, _ id: TaskID, _ course: PollProgress) {
        switch outcome {
        case .report(let report):
            if case .unknown(let word) = report.word {
                ports.log.warning(
                    "the provider's status word is not known: still polling",
                    metadata: [
                        "task_id": "\(id)", "status": "\(word)", "received": "\(report.received ?? "")",
                    ])
            }
            if let reason = report.unusableLink, report.word == .completed {
                ports.log.warning("a result of \(id) cannot be fetched: \(reason)")
            }
        case .unavailable(let message, _): ports.log.info("no answer about \(id): \(message)")
        case .notKnown(let message): ports.log.warning("the provider does not know \(id): \(message)")
        case .credentialsRejected(let message):
            ports.log.log(
                level: course.isRefusalRepeated ? .debug : .error,
                "the provider refused to answer about \(id): \(message)")
        }
    }
}

extension TaskLifecycle.Event {
    /// Whether this report brings the task to its end by itself.
    var endsTask: Bool {
        guard case .reported(let report, _) = self else { return false }
        switch report.word {
        case .failed, .cancelled: return true
        case .completed: return !report.links.isEmpty
        case .pending, .processing, .unknown: return false
        }
    }
}

extension PollOutcome {
    /// How long the provider asked us to wait before the next poll.
    fileprivate var retryAfter: Duration? {
        switch self {
        case .report(let report): report.retryAfter
        case .unavailable(_, let wait): wait
        case .notKnown, .credentialsRejected: nil
        }
    }
}

extension TaskRecord {
    /// Whether the provider is asked about it.
    fileprivate var isAskedAbout: Bool { state == .running || (state == .failed && graceDeadline != nil) }

    var estimate: Duration? { estimatedSeconds.map { .seconds($0) } }
}
