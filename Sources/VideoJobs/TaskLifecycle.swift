/// The life of one task, as pure transitions over its record.
///
/// Performs nothing: each event returns what must now be done, in order; an empty list means that the event
/// changed nothing. Time arrives inside events, so any history can be replayed exactly.
package struct TaskLifecycle: Equatable, Sendable {
    package enum Event: Equatable, Sendable {
        /// A place at the provider is free: the POST is about to begin.
        case sendingStarted(at: Timestamp)
        /// The POST ended.
        case verdict(SubmissionVerdict, at: Timestamp)
        /// The gateway was stopped while the POST was on its way.
        case interrupted(at: Timestamp)
        case reported(ProviderReport, at: Timestamp)
        /// The provider never finished, or never showed what it finished. Asked about, slowly, until
        /// `graceDeadline`: what was paid for may still come.
        case gaveUp(FailureReason, graceDeadline: Timestamp?, at: Timestamp)
        /// Nobody asks about a task any more that was given up on, or tries for its missing results.
        case lateWatchEnded(at: Timestamp)
        /// The results are here: all of them, or those without the ones that are tried for until `graceDeadline`.
        case archived([ArchivedResult], expires: Timestamp?, graceDeadline: Timestamp? = nil, at: Timestamp)
        /// Results came that were missing when the task was completed.
        case resultsArrived([ArchivedResult], at: Timestamp)
        case archiveFailed(message: String, at: Timestamp)
        case withdrawn(at: Timestamp)
        /// The store is older than what was sent: a job that it knows as `queued` may have been sent since.
        case outdated(LostReply, at: Timestamp)
        /// The store no longer has what was to be sent.
        case jobLost(at: Timestamp)
        /// An operator settled what had become of a lost reply.
        case settled(Settlement, at: Timestamp)
        case contentRemoved(at: Timestamp)
    }

    /// What an operator found out about a task whose reply was lost, or decided.
    package enum Settlement: Equatable, Sendable {
        /// It is this task of the provider's.
        case adopt(ProviderTaskID)
        /// It was never billed.
        case dismiss
        /// It is to be sent again, although it may then be billed twice.
        case resubmit
    }

    package enum Effect: Equatable, Sendable {
        /// Make the record durable with this line of history, before anything that follows in the list.
        case save(name: String, detail: String?)
        /// Take a place in the queue again; not before `after`, if the provider said so.
        case submit(after: Duration?)
        case poll
        case archive
    }

    package internal(set) var record: TaskRecord

    package init(_ record: TaskRecord) { self.record = record }

    /// Applies one event and returns what must now be done.
    package mutating func apply(_ event: Event) -> [Effect] {
        switch (record.state, event) {
        case (.queued, .sendingStarted(let time)):
            return beginAttempt(at: time)

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

        case (.archiving, .archiveFailed(let message, let time)):
            record.archiveFailures += 1
            return move(to: .archiving, at: time, "archive_failed", message) + [.archive]

        case (.completed, .contentRemoved(let time)) where !record.contentRemoved:
            record.contentRemoved = true
            endLateWatch()
            return move(to: .completed, at: time, "content_removed", nil)

        case (.queued, _), (.sending, _), (.running, _), (.archiving, _), (.completed, _), (.failed, _),
            (.uncertain, _), (.cancelled, _):
            return applyUnusual(event)
        }
    }

    /// What happens only when something went wrong before.
    private mutating func applyUnusual(_ event: Event) -> [Effect] {
        switch (record.state, event) {
        case (.queued, .jobLost(let time)):
            let message = "the store no longer holds what was to be sent; it was never sent"
            return fail(FailureReason(code: "job_lost", message: message), at: time)

        case (.queued, .outdated(let reply, let time)):
            // The attempt that this store does not know of, if there was one.
            let effects = loseTrack(reply, attempt: record.attempts + 1, at: time)
            record.failure?.message = "\(reply.message); it is not sent again"
            return effects

        case (.sending, .interrupted(let time)):
            return settle(
                .unknown(LostReply("the gateway was stopped while the request was on its way")), at: time)

        case (.running, .gaveUp(let failure, let graceDeadline, let time)),
            (.archiving, .gaveUp(let failure, let graceDeadline, let time)):
            record.graceDeadline = graceDeadline
            return fail(failure, at: time) + (graceDeadline == nil ? [] : [.poll])

        case (.failed, .reported(let report, let time)) where record.graceDeadline != nil:
            return recover(with: report, at: time)

        case (.failed, .lateWatchEnded(let time)) where record.graceDeadline != nil:
            record.graceDeadline = nil
            return move(to: .failed, at: time, "late_watch_ended", nil)

        case (.completed, _) where record.graceDeadline != nil:
            return applyWhileIncomplete(event)

        case (.uncertain, .settled(let settlement, let time)):
            return settle(settlement, at: time)

        // The provider, the network and a second caller may repeat themselves or come late. That is their
        // right, so it is an ordinary outcome here and not an assertion.
        case (.queued, _), (.sending, _), (.running, _), (.archiving, _), (.completed, _), (.failed, _),
            (.uncertain, _), (.cancelled, _):
            return []
        }
    }

    mutating func move(
        to state: TaskState, at time: Timestamp, _ name: String, _ detail: String?
    ) -> [Effect] {
        record.state = state
        record.version += 1
        record.updated = time
        return [.save(name: name, detail: detail)]
    }

    private mutating func fail(_ failure: FailureReason, at time: Timestamp) -> [Effect] {
        record.failure = failure
        return move(to: .failed, at: time, "failed", "\(failure.code): \(failure.message)")
    }

    private mutating func beginAttempt(at time: Timestamp) -> [Effect] {
        record.attempts += 1
        return move(to: .sending, at: time, "sending", "attempt \(record.attempts)")
    }

    private mutating func complete(
        with results: [ArchivedResult], until expires: Timestamp?, at time: Timestamp
    ) -> [Effect] {
        record.results = results
        record.contentExpires = expires
        record.progress = 100
        guard record.graceDeadline != nil else {
            record.links = []
            return move(to: .completed, at: time, "completed", nil)
        }
        let detail = "\(results.count) of \(record.links.count) results"
        return move(to: .completed, at: time, "completed", detail) + [.archive]
    }

    private mutating func loseTrack(
        _ reply: LostReply, attempt: Int, at time: Timestamp
    ) -> [Effect] {
        // Until now the record was last changed when the attempt began.
        record.evidence = SubmissionEvidence(
            attempt: attempt, sent: record.updated, lost: time, reply: reply)
        let message = "the provider's reply was lost: the job may be running and billed; it is not sent again"
        record.failure = FailureReason(code: "outcome_unknown", message: message)
        return move(to: .uncertain, at: time, "uncertain", reply.message)
    }

    private mutating func settle(_ verdict: SubmissionVerdict, at time: Timestamp) -> [Effect] {
        switch verdict {
        case .accepted(let id, let report):
            record.providerTaskID = id
            record.obstacle = nil
            record.obstacleMessage = nil
            record.estimatedSeconds = report.estimatedSeconds ?? record.estimatedSeconds
            let saved = move(to: .running, at: time, "accepted", id.text)
            // One durable step, even when the first answer already tells the end: the next poll brings it
            // again.
            note(report)
            return saved + [.poll]

        case .refused(let failure):
            return fail(failure, at: time)

        case .notAccepted(let obstacle, let retryAfter, let message),
            .blocked(let obstacle, let retryAfter, let message):
            record.obstacle = obstacle
            record.obstacleMessage = message
            return move(to: .queued, at: time, "not_accepted", message) + [.submit(after: retryAfter)]

        case .unknown(let reply):
            return loseTrack(reply, attempt: record.attempts, at: time)
        }
    }

    private mutating func settle(_ settlement: Settlement, at time: Timestamp) -> [Effect] {
        switch settlement {
        case .adopt(let id):
            record.providerTaskID = id
            record.failure = nil
            return move(to: .running, at: time, "adopted", id.text) + [.poll]

        case .dismiss:
            record.failure = FailureReason(code: "dismissed", message: "settled by hand: it was never billed")
            return move(to: .failed, at: time, "dismissed", nil)

        case .resubmit:
            record.failure = nil
            return move(to: .queued, at: time, "resubmitted", nil) + [.submit(after: nil)]
        }
    }

    private mutating func follow(_ report: ProviderReport, at time: Timestamp) -> [Effect] {
        switch report.word {
        case .pending, .processing, .unknown:
            return keepGoing(report, at: time)

        case .completed where report.links.isEmpty:
            // A known race: the word can come before its results.
            return keepGoing(report, at: time)

        case .completed:
            return beginArchiving(report, at: time, "archiving")

        case .failed, .cancelled:
            note(report)
            return fail(report.ending, at: time)
        }
    }

    private mutating func beginArchiving(
        _ report: ProviderReport, at time: Timestamp, _ name: String
    ) -> [Effect] {
        note(report)
        record.links = report.links
        record.progress = 99
        return move(to: .archiving, at: time, name, nil) + [.archive]
    }

    /// What the provider says of a task that was given up on: only an end is of interest.
    private mutating func recover(with report: ProviderReport, at time: Timestamp) -> [Effect] {
        switch report.word {
        case .pending, .processing, .unknown:
            return []

        case .completed where report.links.isEmpty:
            return []

        case .completed:
            record.failure = nil
            record.graceDeadline = nil
            return beginArchiving(report, at: time, "recovered")

        case .failed, .cancelled:
            record.graceDeadline = nil
            return fail(report.ending, at: time)
        }
    }

    private mutating func keepGoing(_ report: ProviderReport, at time: Timestamp) -> [Effect] {
        let before = record
        note(report)
        guard record != before else { return [.poll] }
        return move(to: .running, at: time, "progress", "\(record.progress)") + [.poll]
    }

    /// Takes over what an unfinished task shows of itself.
    private mutating func note(_ report: ProviderReport) {
        // 100 is ours to say, once the video is here; and a client's bar never runs backwards.
        if let progress = report.progress { record.progress = max(record.progress, min(progress, 99)) }
        switch report.word {
        case .pending: break
        case .processing, .completed, .failed, .cancelled: record.providerStatus = .processing
        case .unknown: break
        }
        record.usage = report.usage ?? record.usage
    }
}

extension ProviderReport {
    /// Why a task ended at the provider without a video.
    fileprivate var ending: FailureReason {
        if let failure { return failure }
        return word == .cancelled
            ? FailureReason(code: "request_cancelled", message: "the provider cancelled the task")
            : FailureReason(code: "unknown_error", message: "the provider gave no reason")
    }
}
