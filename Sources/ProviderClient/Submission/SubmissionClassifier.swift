package import HTTPFetching
import JSONText
package import VideoJobs

/// The classification of a paid POST's outcome by the table in section 6 of the contract.
///
/// Every outcome that the table does not list is unknown, because a second POST would be billed again.
package struct SubmissionClassifier: Sendable {
    /// The maximum length of an accepted task ID in bytes.
    package static let taskIDLengthMax = 256
    /// The maximum length of a lost reply's message in characters.
    private static let messageLengthMax = 1000

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

    /// Returns the verdict on a POST's outcome. `now` is the origin of a date in `Retry-After` if the
    /// response has no `Date`.
    package func verdict(on outcome: FetchOutcome, now: Timestamp) -> SubmissionVerdict {
        switch outcome {
        case .completed(let response) where (200...299).contains(response.status):
            success(ProviderReply(response), now: now)
        case .completed(let response): refusal(ProviderReply(response), now: now)
        case .failed(let error): failed(error)
        }
    }

    /// A 2xx is accepted if it has a task ID, whatever its other defects.
    private func success(_ reply: ProviderReply, now: Timestamp) -> SubmissionVerdict {
        let ids = reply.taskIDs
        if ids.count > 1 { return unknown(reply, "a success with \(ids.count) task ids") }
        if let id = ids.first.flatMap(taskID) {
            return .accepted(id, reader.firstReport(reply.createdTask))
        }
        if reply.hasQuotaCode(vocabulary.isQuotaCode) { return notAccepted(.quotaExhausted, reply, now) }
        return unknown(
            reply, reply.isReadable ? "a success without a task id" : "an unreadable success")
    }

    private func taskID(_ id: String) -> ProviderTaskID? {
        guard !id.isEmpty, id.utf8.count <= Self.taskIDLengthMax,
            id.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }), !redactor.containsKey(in: id)
        else { return nil }
        return ProviderTaskID(id)
    }

    private func refusal(_ reply: ProviderReply, now: Timestamp) -> SubmissionVerdict {
        if reply.hasQuotaCode(vocabulary.isQuotaCode) { return notAccepted(.quotaExhausted, reply, now) }
        let status = reply.response.status
        // A 429 counts from any sender: a rate limiter in front of the provider has not forwarded the job.
        if status == 429 { return notAccepted(.rateLimited, reply, now) }
        guard let error = reply.error else { return unknown(reply, "not an error of the provider itself") }
        switch status {
        case 400, 404, 413, 415, 422: return .refused(failureReason(error, status: status))
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
        _ blockReason: BlockReason, _ reply: ProviderReply, _ now: Timestamp
    ) -> SubmissionVerdict {
        .notAccepted(
            blockReason, retryAfter: RetryAfter.delay(requestedBy: reply.response, now: now),
            message: message(reply))
    }

    private func message(_ reply: ProviderReply) -> String {
        redactor.clean("HTTP \(reply.response.status): \(reply.excerpt(redactor))")
    }

    private func failed(_ error: FetchError) -> SubmissionVerdict {
        if error.isSurelyUnsent {
            return .blocked(
                .providerUnreachable, retryAfter: nil, message: "Not sent: \(redactor.clean(error.message))"
            )
        }
        var message = error.message
        if !error.received.isEmpty {
            let text = ProviderMessage(nil, text: error.received).text
            message += "; received before that: \(redactor.clean(text, limit: 300))"
        }
        return .unknown(
            lost(message + mentionedIDs(in: error.received), bytesSent: error.bytesSent, status: error.status)
        )
    }

    private func failureReason(_ error: ProviderErrorShape, status: Int) -> FailureReason {
        let code = redactor.clean(error.code ?? error.type, limit: 64)
        return FailureReason(
            code: code.isEmpty ? "provider_refused" : code, message: redactor.clean(error.message),
            httpStatus: status)
    }

    private func unknown(_ reply: ProviderReply, _ problem: String) -> SubmissionVerdict {
        let response = reply.response
        var lost = lost(
            "\(problem); received: \(reply.excerpt(redactor))" + mentionedIDs(in: response.body),
            bytesSent: response.bytesSent, status: response.status)
        let requestID = response["x-request-id"] ?? response["x-oneapi-request-id"]
        lost.providerRequestID = requestID.map { redactor.clean($0, limit: 128) }
        return .unknown(lost)
    }

    private func lost(_ message: String, bytesSent: Int64?, status: Int?) -> LostReply {
        LostReply(redactor.clean(message, limit: Self.messageLengthMax), bytesSent: bytesSent, status: status)
    }

    /// Describes the task IDs that a text without a certain task ID mentions; an operator may adopt one.
    private func mentionedIDs(in text: [UInt8]) -> String {
        let ids = IdentifierScan.ids(in: Array(LenientJSON.text(of: text).utf8)).filter {
            $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } && !redactor.containsKey(in: $0)
        }
        return ids.isEmpty ? "" : "; it mentions \(ids.joined(separator: " and "))"
    }
}
