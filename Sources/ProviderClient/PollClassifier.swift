package import HTTPFetching
import JSONText
package import VideoJobs

/// Decides what one poll brought.
package struct PollClassifier: Sendable {
    private let redactor: Redactor
    private let reader: ReportReader

    package init(key: APIKey, reader: ReportReader? = nil) {
        self.redactor = key.redactor
        self.reader = reader ?? ReportReader(key: key)
    }

    /// The outcome of asking for one task; `now` counts a date in `Retry-After` if the answer has no
    /// `Date`.
    package func outcome(
        of fetch: FetchOutcome, for id: ProviderTaskID, now: Timestamp
    ) -> PollOutcome {
        switch fetch {
        case .answered(let answer) where (200...299).contains(answer.status): reported(answer, for: id)
        case .answered(let answer): turnedAway(answer, now: now)
        case .failed(let failure): .unavailable(words: redactor.clean(failure.words), retryAfter: nil)
        }
    }

    private func reported(_ answer: FetchResponse, for id: ProviderTaskID) -> PollOutcome {
        guard let task = try? JSONValue(parsing: answer.body), let report = reader.report(task) else {
            return unavailable(answer, "no task object")
        }
        // A cache in front of the provider must not sell us another task's video.
        if let named = task["id"]?.string, named != id.text {
            return unavailable(answer, "the answer is about another task")
        }
        return .report(report)
    }

    private func turnedAway(_ answer: FetchResponse, now: Timestamp) -> PollOutcome {
        let error = ProviderErrorShape(body: answer.body)
        let words = redactor.clean(
            error.map { "HTTP \(answer.status): \($0.message)" } ?? "HTTP \(answer.status)")
        switch (answer.status, error) {
        case (404, .some): return .notKnown(words: words)
        case (401, .some), (402, .some), (403, .some): return .credentialsRejected(words: words)
        default:
            let wait = RetryAfter.wait(askedBy: answer, now: now)
            return .unavailable(words: words, retryAfter: wait)
        }
    }

    private func unavailable(_ answer: FetchResponse, _ what: String) -> PollOutcome {
        .unavailable(words: "HTTP \(answer.status): \(what)", retryAfter: nil)
    }
}
