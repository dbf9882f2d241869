package import HTTPFetching
import JSONText
package import VideoJobs

/// Decides what became of one paid POST: the table in section 6 of the contract.
///
/// Whatever the table does not name is unknown, because a second POST would be billed a second time.
package struct SubmissionClassifier: Sendable {
    /// The longest task id that is believed, in bytes.
    package static let identifierLongest = 256

    private let redactor: Redactor
    private let reader: ReportReader

    package init(key: APIKey, reader: ReportReader? = nil) {
        self.redactor = key.redactor
        self.reader = reader ?? ReportReader(key: key)
    }

    /// The verdict on a POST's outcome; `now` counts a date in `Retry-After` if the answer has no `Date`.
    package func verdict(on outcome: FetchOutcome, now: Timestamp) -> SubmissionVerdict {
        switch outcome {
        case .answered(let answer) where (200...299).contains(answer.status): accepted(answer)
        case .answered(let answer): turnedAway(answer, now: now)
        case .failed(let failure): failed(failure)
        }
    }

    private func accepted(_ answer: FetchResponse) -> SubmissionVerdict {
        guard let task = try? JSONValue(parsing: answer.body), let id = identifier(task) else {
            return unknown(answer, "a success without a task id")
        }
        return .accepted(id, reader.firstReport(task))
    }

    private func identifier(_ task: JSONValue) -> ProviderTaskID? {
        guard let id = task["id"]?.string, !id.isEmpty, id.utf8.count <= Self.identifierLongest,
            id.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }), !redactor.isNamed(in: id)
        else { return nil }
        return ProviderTaskID(id)
    }

    private func turnedAway(_ answer: FetchResponse, now: Timestamp) -> SubmissionVerdict {
        let error = ProviderErrorShape(body: answer.body)
        let wait = RetryAfter.wait(askedBy: answer, now: now)
        // A 429 counts whoever says it: a limiter in front of the provider has not let the job through
        // either.
        if answer.status == 429 {
            return .notAccepted(.rateLimited, retryAfter: wait, words: words(answer, error))
        }
        guard let error else { return unknown(answer, "no error of the provider's") }
        switch answer.status {
        case 400, 404, 413, 415, 422: return .refused(refusal(error, status: answer.status))
        case 401: return .blocked(.credentialsRejected, retryAfter: wait, words: words(answer, error))
        case 403: return .notAccepted(.credentialsRejected, retryAfter: wait, words: words(answer, error))
        case 402: return .notAccepted(.quotaExhausted, retryAfter: wait, words: words(answer, error))
        case 503: return .notAccepted(.providerUnreachable, retryAfter: wait, words: words(answer, error))
        default: return unknown(answer, error.message)
        }
    }

    private func failed(_ failure: FetchFailure) -> SubmissionVerdict {
        if failure.isSurelyUnsent {
            return .blocked(
                .providerUnreachable, retryAfter: nil, words: "Not sent: \(redactor.clean(failure.words))")
        }
        return .unknown(
            LostReply(
                redactor.clean(failure.words), bytesSent: failure.bytesSent, status: failure.status))
    }

    private func refusal(_ error: ProviderErrorShape, status: Int) -> TaskFailure {
        let code = redactor.clean(error.code ?? error.type, limit: 64)
        return TaskFailure(
            code: code.isEmpty ? "provider_refused" : code, message: redactor.clean(error.message),
            httpStatus: status)
    }

    private func words(_ answer: FetchResponse, _ error: ProviderErrorShape?) -> String {
        redactor.clean(error.map { "HTTP \(answer.status): \($0.message)" } ?? "HTTP \(answer.status)")
    }

    private func unknown(_ answer: FetchResponse, _ what: String) -> SubmissionVerdict {
        let id = answer["x-request-id"] ?? answer["x-oneapi-request-id"]
        return .unknown(
            LostReply(
                "\(redactor.clean(what)); \(answer.body.count) bytes of body", bytesSent: answer.bytesSent,
                status: answer.status, providerRequestID: id.map { redactor.clean($0, limit: 128) }))
    }
}
