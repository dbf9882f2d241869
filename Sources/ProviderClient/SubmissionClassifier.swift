package import HTTPFetching
import JSONText
package import VideoJobs

/// Decides what became of one paid POST: the table in section 6 of the contract.
///
/// Whatever the table does not name is unknown, because a second POST would be billed a second time.
package struct SubmissionClassifier: Sendable {
    /// The longest task id that is believed, in bytes.
    package static let identifierLongest = 256
    /// The longest text that is kept of a lost reply, in characters.
    private static let wordsLongest = 1000

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

    /// The verdict on a POST's outcome; `now` counts a date in `Retry-After` if the answer has no `Date`.
    package func verdict(on outcome: FetchOutcome, now: Timestamp) -> SubmissionVerdict {
        switch outcome {
        case .answered(let answer) where (200...299).contains(answer.status):
            accepted(ProviderReply(answer), now: now)
        case .answered(let answer): turnedAway(ProviderReply(answer), now: now)
        case .failed(let failure): failed(failure)
        }
    }

    /// The id of a 2xx counts, whatever else is odd in it.
    private func accepted(_ reply: ProviderReply, now: Timestamp) -> SubmissionVerdict {
        let ids = reply.taskIDs
        if ids.count > 1 { return unknown(reply, "a success with \(ids.count) task ids") }
        if let id = ids.first.flatMap(identifier) {
            return .accepted(id, reader.firstReport(reply.createdTask))
        }
        if reply.hasQuotaCode(vocabulary.isQuotaCode) { return notAccepted(.quotaExhausted, reply, now) }
        return unknown(
            reply, reply.isReadable ? "a success without a task id" : "a success that cannot be read")
    }

    private func identifier(_ id: String) -> ProviderTaskID? {
        guard !id.isEmpty, id.utf8.count <= Self.identifierLongest,
            id.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }), !redactor.isNamed(in: id)
        else { return nil }
        return ProviderTaskID(id)
    }

    private func turnedAway(_ reply: ProviderReply, now: Timestamp) -> SubmissionVerdict {
        if reply.hasQuotaCode(vocabulary.isQuotaCode) { return notAccepted(.quotaExhausted, reply, now) }
        let status = reply.response.status
        // A 429 counts whoever says it: a limiter in front of the provider has not let the job through
        // either.
        if status == 429 { return notAccepted(.rateLimited, reply, now) }
        guard let error = reply.error else { return unknown(reply, "no error of the provider's") }
        switch status {
        case 400, 404, 413, 415, 422: return .refused(refusal(error, status: status))
        case 401:
            return .blocked(
                .credentialsRejected, retryAfter: RetryAfter.delay(requestedBy: reply.response, now: now),
                message: message(reply))
        case 403: return notAccepted(.credentialsRejected, reply, now)
        case 402: return notAccepted(.quotaExhausted, reply, now)
        case 503: return notAccepted(.providerUnreachable, reply, now)
        default: return unknown(reply, "no definite refusal")
        }
    }

    private func notAccepted(
        _ obstacle: BlockReason, _ reply: ProviderReply, _ now: Timestamp
    ) -> SubmissionVerdict {
        .notAccepted(
            obstacle, retryAfter: RetryAfter.delay(requestedBy: reply.response, now: now),
            message: message(reply))
    }

    private func message(_ reply: ProviderReply) -> String {
        redactor.clean("HTTP \(reply.response.status): \(reply.received(redactor))")
    }

    private func failed(_ failure: FetchError) -> SubmissionVerdict {
        if failure.isSurelyUnsent {
            return .blocked(
                .providerUnreachable, retryAfter: nil, message: "Not sent: \(redactor.clean(failure.message))"
            )
        }
        var message = failure.message
        if !failure.received.isEmpty {
            let text = ProviderMessage(nil, text: failure.received).text
            message += "; received until then: \(redactor.clean(text, limit: 300))"
        }
        return .unknown(
            lost(message + named(in: failure.received), bytesSent: failure.bytesSent, status: failure.status))
    }

    private func refusal(_ error: ProviderErrorShape, status: Int) -> FailureReason {
        let code = redactor.clean(error.code ?? error.type, limit: 64)
        return FailureReason(
            code: code.isEmpty ? "provider_refused" : code, message: redactor.clean(error.message),
            httpStatus: status)
    }

    private func unknown(_ reply: ProviderReply, _ what: String) -> SubmissionVerdict {
        let response = reply.response
        var lost = lost(
            "\(what); received: \(reply.received(redactor))" + named(in: response.body),
            bytesSent: response.bytesSent, status: response.status)
        let request = response["x-request-id"] ?? response["x-oneapi-request-id"]
        lost.providerRequestID = request.map { redactor.clean($0, limit: 128) }
        return .unknown(lost)
    }

    private func lost(_ message: String, bytesSent: Int64?, status: Int?) -> LostReply {
        LostReply(redactor.clean(message, limit: Self.wordsLongest), bytesSent: bytesSent, status: status)
    }

    /// The task ids that stand in a text which names no task for certain: somebody may adopt one.
    private func named(in text: [UInt8]) -> String {
        let ids = IdentifierScan.ids(in: Array(LenientJSON.text(of: text).utf8)).filter {
            $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } && !redactor.isNamed(in: $0)
        }
        return ids.isEmpty ? "" : "; it names \(ids.joined(separator: " and "))"
    }
}
