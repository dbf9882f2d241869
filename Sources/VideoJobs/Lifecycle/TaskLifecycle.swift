/// The life of one task, as pure transitions over its record.
///
/// Performs nothing and orders no work: each event gives one transition, to be made durable, or none. The
/// work that a record needs follows from the record alone. Time arrives inside events, so any history can be
/// replayed exactly.
package struct TaskLifecycle: Equatable, Sendable {
    package enum Event: Equatable, Sendable {
        /// The POST is about to begin.
        case sendingStarted(at: Timestamp)
        /// The POST ended.
        case verdict(SubmissionVerdict, at: Timestamp)
        /// The gateway was stopped while the POST was on its way.
        case interrupted(at: Timestamp)
        case reported(ProviderReport, at: Timestamp)
        /// The provider did not finish in time, or showed no result. The task is polled slowly until
        /// `graceDeadline`, since a paid result may still come.
        case gaveUp(FailureReason, graceDeadline: Timestamp?, at: Timestamp)
        /// The grace period of a timed-out task, or of missing results, is over.
        case gracePeriodEnded(at: Timestamp)
        /// The results are archived; missing ones, if any, are retried until `graceDeadline`.
        case archived([ArchivedResult], expires: Timestamp?, graceDeadline: Timestamp? = nil, at: Timestamp)
        /// Results arrived that were missing when the task was completed.
        case resultsArrived([ArchivedResult], at: Timestamp)
        case archiveFailed(message: String, isBlocked: Bool = false, at: Timestamp)
        /// The task has taken longer than most earlier ones of its kind.
        case foundSlow(at: Timestamp)
        /// The archive has no space for the results, so the job is not sent.
        case spaceMissing(message: String, at: Timestamp)
        case withdrawn(at: Timestamp)
        /// The store is older than what was sent: a job that it knows as `queued` may have been sent since.
        case outdated(LostReply, at: Timestamp)
        /// The store no longer has the payload.
        case jobLost(at: Timestamp)
        /// An operator settled the outcome of a lost reply.
        case settled(Settlement, at: Timestamp)
        /// An operator found that what a task holds after its end was never billed.
        case heldPriceFreed(at: Timestamp)
        case contentRemoved(at: Timestamp)
        /// Somebody fetched content for the first time.
        case contentFetched(at: Timestamp)
        /// Content that nobody fetched will be removed soon.
        case removalWarned(at: Timestamp)
        /// A person judged the video.
        case reviewed(TaskReview, at: Timestamp)
    }

    /// An operator's finding or decision about a task whose reply was lost.
    package enum Settlement: Equatable, Sendable {
        /// The provider runs it as this task.
        case adopt(ProviderTaskID)
        /// It was never billed.
        case dismiss
        /// It is sent again, and may be billed twice.
        case resubmit
    }

    /// The line of history of one step.
    struct Step {
        var name: String
        var detail: String?
    }

    package internal(set) var record: TaskRecord

    package init(_ record: TaskRecord) { self.record = record }

    /// Applies one event. Returns the transition that it causes; `nil` if it changes nothing.
    package mutating func apply(_ event: Event) -> TaskTransition? {
        let before = record
        guard let step = decide(event) else { return nil }
        return TaskTransition(from: before, to: record, name: step.name, detail: step.detail)
    }

    private mutating func decide(_ event: Event) -> Step? {
        switch (record.state, event) {
        case (.queued, .sendingStarted(let time)):
            return beginAttempt(at: time)

        case (.queued, .spaceMissing(let message, let time)) where record.blockReason != .archiveUnavailable:
            return wait(forSpace: message, at: time)

        case (.queued, .withdrawn(let time)):
            return move(to: .cancelled, at: time, "cancelled", nil)

        case (.sending, .verdict(let verdict, let time)):
            return settle(verdict, at: time)

        case (.running, .reported(let report, let time)):
            return follow(report, at: time)

        case (.archiving, .reported(let report, let time)):
            return renewLinks(report.links, at: time)

        case (.archiving, .archived(let results, let expires, let graceDeadline, let time)):
            record.graceDeadline = graceDeadline
            return complete(with: results, until: expires, at: time)

        case (.archiving, .archiveFailed(let message, let isBlocked, let time)):
            record.archiveFailures += 1
            record.setSpaceBlock(isBlocked ? message : nil)
            return move(to: .archiving, at: time, "archive_failed", message)

        case (.completed, _):
            return decideContent(event) ?? decideUnusual(event)

        case (.queued, _), (.sending, _), (.running, _), (.archiving, _), (.failed, _), (.uncertain, _),
            (.cancelled, _):
            return decideUnusual(event)
        }
    }

    /// Decides the events that follow only after something went wrong.
    private mutating func decideUnusual(_ event: Event) -> Step? {
        switch (record.state, event) {
        case (.queued, .jobLost(let time)):
            let message = "the store no longer holds what was to be sent; it was never sent"
            return fail(FailureReason(code: "job_lost", message: message), price: .freed, at: time)

        case (.queued, .outdated(let reply, let time)):
            // The attempt that this store does not know of, if there was one.
            let step = loseTrack(reply, attempt: record.attempts + 1, at: time)
            record.failure?.message = "\(reply.message); it is not sent again"
            return step

        case (.sending, .interrupted(let time)):
            return settle(.unknown(Self.stoppedWhileSending), at: time)

        case (.running, .gaveUp(let failure, let graceDeadline, let time)),
            (.archiving, .gaveUp(let failure, let graceDeadline, let time)):
            return giveUp(failure, until: graceDeadline, at: time)

        case (.running, .foundSlow(let time)), (.archiving, .foundSlow(let time)):
            return markSlow(at: time)

        case (.failed, _) where record.graceDeadline != nil:
            return decideDuringGrace(event)

        case (_, .heldPriceFreed(let time)) where record.holdsPriceAfterEnd:
            return freeHeldPrice(at: time)

        case (.completed, _) where record.graceDeadline != nil:
            return decideWhileIncomplete(event)

        case (.uncertain, .settled(let settlement, let time)):
            return settle(settlement, at: time)

        // The provider, the network and a second caller may repeat themselves or be late: an ordinary
        // outcome, not an assertion.
        case (.queued, _), (.sending, _), (.running, _), (.archiving, _), (.completed, _), (.failed, _),
            (.uncertain, _), (.cancelled, _):
            return nil
        }
    }

    private static let stoppedWhileSending = LostReply(
        "the gateway was stopped while the request was on its way")

    /// Decides the events of a timed-out task that is still polled.
    private mutating func decideDuringGrace(_ event: Event) -> Step? {
        switch event {
        case .reported(let report, let time):
            return recover(with: report, at: time)

        case .gracePeriodEnded(let time):
            record.graceDeadline = nil
            return move(to: .failed, at: time, "late_watch_ended", nil)

        case .sendingStarted, .verdict, .interrupted, .gaveUp, .archived, .resultsArrived, .archiveFailed,
            .foundSlow, .spaceMissing, .withdrawn, .outdated, .jobLost, .settled, .heldPriceFreed,
            .contentRemoved, .contentFetched,
            .removalWarned, .reviewed:
            return nil
        }
    }

    mutating func move(
        to state: TaskState, at time: Timestamp, _ name: String, _ detail: String?
    ) -> Step? {
        record.state = state
        record.priceState = state.priceState ?? record.priceState
        record.version += 1
        record.updated = time
        return Step(name: name, detail: detail)
    }

    mutating func fail(_ failure: FailureReason, price: PriceState, at time: Timestamp) -> Step? {
        record.failure = failure
        record.priceState = price
        return move(to: .failed, at: time, "failed", "\(failure.code): \(failure.message)")
    }

    private mutating func giveUp(
        _ failure: FailureReason, until graceDeadline: Timestamp?, at time: Timestamp
    ) -> Step? {
        record.graceDeadline = graceDeadline
        // A result that was lost is one that the provider had made.
        return fail(failure, price: failure.code == "result_lost" ? .spent : .held, at: time)
    }

    private mutating func markSlow(at time: Timestamp) -> Step? {
        guard !record.isSlow else { return nil }
        record.isSlow = true
        return move(to: record.state, at: time, "slow", nil)
    }

    private mutating func beginAttempt(at time: Timestamp) -> Step? {
        record.attempts += 1
        record.setSpaceBlock(nil)
        return move(to: .sending, at: time, "sending", "attempt \(record.attempts)")
    }

    private mutating func complete(
        with results: [ArchivedResult], until expires: Timestamp?, at time: Timestamp
    ) -> Step? {
        record.results = results
        record.setSpaceBlock(nil)
        record.completed = time
        record.contentExpires = expires
        record.progress = 100
        guard record.graceDeadline != nil else {
            record.links = []
            return move(to: .completed, at: time, "completed", nil)
        }
        let detail = "\(results.count) of \(record.links.count) results"
        return move(to: .completed, at: time, "completed", detail)
    }

    private mutating func loseTrack(
        _ reply: LostReply, attempt: Int, at time: Timestamp
    ) -> Step? {
        // Until now the record was last changed when the attempt began.
        record.evidence = SubmissionEvidence(
            attempt: attempt, sent: record.updated, lost: time, reply: reply)
        let message = "the provider's reply was lost: the job may be running and billed; it is not sent again"
        record.failure = FailureReason(code: "outcome_unknown", message: message)
        return move(to: .uncertain, at: time, "uncertain", reply.message)
    }

    private mutating func settle(_ verdict: SubmissionVerdict, at time: Timestamp) -> Step? {
        switch verdict {
        case .accepted(let id, let report):
            record.providerTaskID = id
            record.accepted = time
            record.blockReason = nil
            record.blockMessage = nil
            record.estimatedSeconds = report.estimatedSeconds ?? record.estimatedSeconds
            let step = move(to: .running, at: time, "accepted", id.text)
            // One durable step, even when the first response already ends the task: the next poll repeats it.
            copyProgress(from: report)
            return step

        case .refused(let failure):
            return fail(failure, price: .freed, at: time)

        case .notAccepted(let reason, _, let message), .blocked(let reason, _, let message):
            record.blockReason = reason
            record.blockMessage = message
            return move(to: .queued, at: time, "not_accepted", message)

        case .unknown(let reply):
            return loseTrack(reply, attempt: record.attempts, at: time)
        }
    }

    private mutating func settle(_ settlement: Settlement, at time: Timestamp) -> Step? {
        switch settlement {
        case .adopt(let id):
            record.providerTaskID = id
            record.failure = nil
            return move(to: .running, at: time, "adopted", id.text)

        case .dismiss:
            record.failure = FailureReason(code: "dismissed", message: "settled by hand: it was never billed")
            record.priceState = .freed
            return move(to: .failed, at: time, "dismissed", nil)

        case .resubmit:
            record.failure = nil
            record.isSlow = false
            record.earlierPrice += record.price ?? 0
            let earlier = record.resubmitted ?? record.created
            record.earlierSubmitted = earlier
            // Times of submissions never go back, so that sums can rely on their order.
            record.resubmitted = max(time, earlier)
            return move(to: .queued, at: time, "resubmitted", nil)
        }
    }

    private mutating func freeHeldPrice(at time: Timestamp) -> Step? {
        record.earlierPrice = 0
        if record.priceState == .held { record.priceState = .freed }
        return move(to: record.state, at: time, "price_freed", nil)
    }
}
