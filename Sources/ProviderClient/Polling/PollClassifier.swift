package import HTTPFetching
import JSONText
package import VideoJobs

/// The classification of poll responses.
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

    /// Returns the outcome of a poll for one task. `now` is the origin of a date in `Retry-After` if the
    /// response has no `Date`.
    package func outcome(
        of fetch: FetchOutcome, for id: ProviderTaskID, now: Timestamp
    ) -> PollOutcome {
        switch fetch {
        case .completed(let response):
            let reply = ProviderReply(response)
            let retryAfter = RetryAfter.delay(requestedBy: response, now: now)
            return (200...299).contains(response.status)
                ? success(reply, for: id, retryAfter) : error(reply, retryAfter)
        case .failed(let failure):
            return .unavailable(message: redactor.clean(failure.message), retryAfter: nil)
        }
    }

    private func success(
        _ reply: ProviderReply, for id: ProviderTaskID, _ retryAfter: Duration?
    ) -> PollOutcome {
        switch reply.task(named: id.text) {
        case .task(let task):
            var report = reader.report(task)
            report.retryAfter = retryAfter
            if report.isInconclusive { report.replyExcerpt = reader.excerpt(of: task) }
            return .report(report)
        case .ambiguous(let member):
            return unavailable(reply, "two different values of \(member)", retryAfter)
        // An intermediary's cache must not return another task's video.
        case .anotherTask: return unavailable(reply, "the reply is about another task", retryAfter)
        case .noTask: return unavailable(reply, "no task object", retryAfter)
        }
    }

    private func error(_ reply: ProviderReply, _ retryAfter: Duration?) -> PollOutcome {
        let message = redactor.clean("HTTP \(reply.response.status): \(reply.excerpt(redactor))")
        // A reply that requests a delay expects another poll.
        guard retryAfter == nil else { return .unavailable(message: message, retryAfter: retryAfter) }
        if reply.hasQuotaCode(vocabulary.isQuotaCode) { return .credentialsRejected(message: message) }
        switch (reply.response.status, reply.error) {
        case (404, .some): return .notKnown(message: message)
        case (401, .some), (402, .some), (403, .some): return .credentialsRejected(message: message)
        default: return .unavailable(message: message, retryAfter: nil)
        }
    }

    private func unavailable(
        _ reply: ProviderReply, _ problem: String, _ retryAfter: Duration?
    ) -> PollOutcome {
        let message = "HTTP \(reply.response.status): \(problem); received: \(reply.excerpt(redactor))"
        return .unavailable(message: redactor.clean(message), retryAfter: retryAfter)
    }
}

extension ProviderReport {
    /// Whether the report does not determine the next step, so that its reply must be recorded.
    fileprivate var isInconclusive: Bool {
        switch status {
        case .completed: links.isEmpty
        case .unknown: true
        case .pending, .processing, .failed, .cancelled: false
        }
    }
}
