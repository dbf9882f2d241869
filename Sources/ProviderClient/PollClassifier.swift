package import HTTPFetching
import JSONText
package import VideoJobs

/// Decides what one poll brought.
package struct PollClassifier: Sendable {
    private let redactor: Redactor
    private let reader: ReportReader
    private let vocabulary: ProviderVocabulary

    package init(
        key: APIKey, reader: ReportReader? = nil, vocabulary: ProviderVocabulary = .standard
    ) {
        self.redactor = key.redactor
        self.reader = reader ?? ReportReader(key: key, vocabulary: vocabulary)
        self.vocabulary = vocabulary
    }

    /// The outcome of asking for one task; `now` counts a date in `Retry-After` if the answer has no
    /// `Date`.
    package func outcome(
        of fetch: FetchOutcome, for id: ProviderTaskID, now: Timestamp
    ) -> PollOutcome {
        switch fetch {
        case .answered(let answer):
            let reply = ProviderReply(answer)
            let wait = RetryAfter.delay(requestedBy: answer, now: now)
            return (200...299).contains(answer.status)
                ? reported(reply, for: id, wait) : turnedAway(reply, wait)
        case .failed(let failure):
            return .unavailable(message: redactor.clean(failure.message), retryAfter: nil)
        }
    }

    private func reported(_ reply: ProviderReply, for id: ProviderTaskID, _ wait: Duration?) -> PollOutcome {
        switch reply.task(named: id.text) {
        case .task(let task):
            var report = reader.report(task)
            report.retryAfter = wait
            if report.bringsNoEnd { report.replyExcerpt = reader.received(task) }
            return .report(report)
        case .ambiguous(let member):
            return unavailable(reply, "two different values of \(member)", wait)
        // A cache in front of the provider must not sell us another task's video.
        case .anotherTask: return unavailable(reply, "the reply is about another task", wait)
        case .nothing: return unavailable(reply, "no task object", wait)
        }
    }

    private func turnedAway(_ reply: ProviderReply, _ wait: Duration?) -> PollOutcome {
        let message = redactor.clean("HTTP \(reply.response.status): \(reply.received(redactor))")
        // Who asks us to wait expects to be asked again.
        guard wait == nil else { return .unavailable(message: message, retryAfter: wait) }
        if reply.hasQuotaCode(vocabulary.isQuotaCode) { return .credentialsRejected(message: message) }
        switch (reply.response.status, reply.error) {
        case (404, .some): return .notKnown(message: message)
        case (401, .some), (402, .some), (403, .some): return .credentialsRejected(message: message)
        default: return .unavailable(message: message, retryAfter: nil)
        }
    }

    private func unavailable(_ reply: ProviderReply, _ what: String, _ wait: Duration?) -> PollOutcome {
        let message = "HTTP \(reply.response.status): \(what); received: \(reply.received(redactor))"
        return .unavailable(message: redactor.clean(message), retryAfter: wait)
    }
}

extension ProviderReport {
    /// Whether it must be kept what came: nothing that can be followed to an end.
    fileprivate var bringsNoEnd: Bool {
        switch status {
        case .completed: links.isEmpty
        case .unknown: true
        case .pending, .processing, .failed, .cancelled: false
        }
    }
}
