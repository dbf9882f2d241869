import CrashPoints
import Logging
import Synchronization
package import VideoJobs

extension VideoGateway {
    /// Takes a job: durable when this returns. Sending, polling and archiving go on by themselves, whatever
    /// becomes of the caller.
    package func admit(
        _ job: VideoJob, client: String, claim: IdempotencyClaim? = nil
    ) async throws(GatewayError) -> AdmittedTask {
        guard !isClosing else { throw .shuttingDown }
        guard queue.withLock({ $0.count }) < settings.queueMax else { throw .queueFull }
        if let damage = health.damage { throw .store(damage) }
        let now = ports.clock.now()
        let id = TaskID.make(at: now, random: ports.random())
        let record = TaskRecord(id: id, job: job, client: client, created: now)
        let admission = NewTask(record: record, payload: job.payload, claim: claim)
        reached(.admissionBegun)
        switch try await stored({ () throws(StoreError) in try await ports.store.admit(admission) }) {
        case .admitted:
            reached(.admitted)
            marks.noteCommit()
            cache.publish(record)
            reached(.admissionPublished)
            takeUp(record, payload: job.payload)
            reached(.enqueued)
            pump()
            return AdmittedTask(record: record, replayed: false)
        case .replayed(let earlier):
            // Its admission may have become durable although the store said that it had failed.
            cache.publish(earlier)
            takeUp(earlier, payload: nil)
            pump()
            return AdmittedTask(record: cache.record(earlier.id.text) ?? earlier, replayed: true)
        case .keyReused:
            throw .idempotencyKeyReused
        }
    }

    /// Puts a durable job into the queue, unless it is there or has left it: the callers of one
    /// `Idempotency-Key` may all come here, in any order.
    func takeUp(_ record: TaskRecord, payload: [UInt8]?) {
        guard cache.record(record.id.text)?.state == .queued else { return }
        // While some kind of job is refused, whether it is of that kind is to be known at once.
        let isJudging = queue.withLock { $0.isJudging }
        let traits = isJudging ? payload.map { JobTraits(payload: $0, client: record.client) } : nil
        queue.withLock { queue in
            guard !queue.knows(record.id) else { return }
            // Only those near the front keep their payload in memory.
            queue.enqueue(record.id, payload: queue.count < 1000 ? payload : nil, traits: traits)
        }
    }

    /// Withdraws a job that was not sent. `nil` if there is no such task.
    package func cancel(_ id: TaskID) async throws(GatewayError) -> Cancellation? {
        let withdrawal = TaskLifecycle.Event.withdrawn(at: ports.clock.now())
        let outcome = try await stored { () throws(StoreError) in
            try await journal.apply(withdrawal, to: id)
        }
        guard let outcome, let view = try await task(id.text) else { return nil }
        guard outcome.changed else {
            // A change may have been found by this of which nobody knew that it was done.
            if !outcome.effects.isEmpty { perform(outcome.effects, for: outcome.record) }
            return .tooLate(view)
        }
        queue.withLock { $0.withdraw(id) }
        return .cancelled(view)
    }

    /// Sends what may be sent now.
    func pump() {
        let now = ports.clock.monotonic()
        for task in queue.withLock({ $0.tasksToExamine(at: now) }) {
            startSubmission { await $0.examine(task) }
        }
        while let task = queue.withLock({ $0.takeNext(at: now) }) {
            startSubmission { await $0.submit(task) }
        }
        if let look = queue.withLock({ $0.nextLook(after: now) }) {
            queueAlarm.set(for: look) { [weak self] in self?.pump() }
        }
    }

    private func startSubmission(_ work: @escaping @Sendable (VideoGateway) async -> Void) {
        submissions.enter()
        ports.start {
            await work(self)
            self.submissions.leave()
            self.pump()
        }
    }

    /// One paid POST: intent durable, then the bytes, then the verdict durable.
    private func submit(_ task: QueuedTask) async {
        guard let payload = await prepare(task) else { return }
        let verdict = believed(await ports.provider.create(payload, for: task.id), for: task.id)
        reached(.verdictReached)
        let event = TaskLifecycle.Event.verdict(verdict, at: ports.clock.now())
        let outcome = await persist(event, to: task.id, verdict)
        reached(.verdictDurable)
        if verdict.isSurelyUnsent { reached(.retryDurable) }
        let ending = ending(of: task, payload, by: verdict)
        let terms = retryTerms(verdict)
        let now = ports.clock.monotonic()
        let delay = queue.withLock { $0.ended(task, ending, retry: terms, at: now) }
        log(verdict, task.id, nextTry: delay)
        guard let outcome else { return queue.withLock { $0.release(task.id) } }
        perform(outcome.effects, for: outcome.record)
    }

    /// An id that another task has says nothing of this job: so looks an answer that came twice on a kept
    /// connection. Following it would sell one job's video as the other's.
    private func believed(_ verdict: SubmissionVerdict, for id: TaskID) -> SubmissionVerdict {
        guard case .accepted(let theirs, _) = verdict, let holder = cache.record(theirs.text),
            holder.id != id
        else { return verdict }
        return .unknown(LostReply("the answer named \(theirs), which is the provider's task of \(holder.id)"))
    }

    /// Makes the intent durable and returns what to send; `nil` if it is not to be sent now.
    private func prepare(_ task: QueuedTask) async -> [UInt8]? {
        do {
            // Before the intent is noted: what cannot be sent must not look as if it might have been.
            guard let payload = try await payload(of: task) else {
                try await loseJob(task)
                return nil
            }
            reached(.sendingBegun)
            let event = TaskLifecycle.Event.sendingStarted(at: ports.clock.now())
            let outcome = try await journal.apply(event, to: task.id)
            guard outcome?.changed == true else {
                let runs = outcome?.record.state.occupiesProvider ?? false
                queue.withLock { $0.drop(task, keepingPlace: runs) }
                return nil
            }
            reached(.intentDurable)
            return payload
        } catch {
            // The trouble itself is told once, by `StoreHealth`.
            ports.log.debug("\(task.id) is not sent while the store cannot note it: \(error.message)")
            let delay = settings.submitBackoff.delay(after: 1, retryAfter: nil, jitter: ports.jitter())
            let time = ports.clock.monotonic() + delay
            queue.withLock { $0.hold(task, until: time) }
            return nil
        }
    }

    /// What cannot be sent has failed: its client must not wait for ever.
    private func loseJob(_ task: QueuedTask) async throws(StoreError) {
        ports.log.error("the store has no payload for \(task.id): it has failed, and was never sent")
        _ = try await journal.apply(.jobLost(at: ports.clock.now()), to: task.id)
        queue.withLock { $0.drop(task) }
    }

    /// Makes a verdict durable, however often that takes: the provider's word on a paid job must not be lost.
    private func persist(
        _ event: TaskLifecycle.Event, to id: TaskID, _ verdict: SubmissionVerdict
    ) async -> TaskJournal.Outcome? {
        var failures = 0
        while true {
            do {
                return try await journal.apply(event, to: id)
            } catch {
                failures += 1
                // Once: should the process end before it is durable, a person adopts the task by this line.
                if failures == 1 { tellUndurable(verdict, id, error) }
                let delay = settings.submitBackoff.delay(
                    after: failures, retryAfter: nil, jitter: ports.jitter())
                await health.recovered(by: ports.clock.monotonic() + delay)
            }
        }
    }

    private func tellUndurable(_ verdict: SubmissionVerdict, _ id: TaskID, _ failure: StoreError) {
        let provider = if case .accepted(let theirs, _) = verdict { " (provider task \(theirs))" } else { "" }
        ports.log.error(
            "the verdict on \(id)\(provider) is not durable yet and is kept in memory: \(failure.message)")
    }

    private func log(_ verdict: SubmissionVerdict, _ id: TaskID, nextTry delay: Duration) {
        switch verdict {
        case .accepted(let theirs, _):
            ports.log.debug("\(id) runs at the provider as \(theirs)")
        case .refused, .unknown: break  // Logged with the transition.
        case .notAccepted(let obstacle, _, let message), .blocked(let obstacle, _, let message):
            ports.log.warning(
                "\(id) waits: \(obstacle.explanation) (\(message)); next try in \(delay.components.seconds) s"
            )
        }
    }
}
