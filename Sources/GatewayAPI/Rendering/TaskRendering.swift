import Gateway
import GatewayProtocol
import JSONText
import VideoJobs

extension TaskRecord {
    /// Returns the task's JSON document.
    func json(_ queueStatus: QueueStatus?, links: Links) -> [UInt8] {
        var writer = JSONWriter(reserving: 768)
        writer.beginObject()
        writer.member(.id, id.text)
        writer.member(.object, "video.generation.task")
        writer.member(.type, "video")
        writer.member(.created, created.seconds)
        writer.member(.model, model)
        writer.member(.status, status.rawValue)
        writer.member(.progress, shownProgress)
        writer.name(.taskInfo)
        writer.beginObject()
        writer.name(.canCancel)
        writer.bool(state == .queued)
        writer.member(.estimatedTime, estimatedSeconds)
        writer.endObject()
        writeResults(to: &writer, links: links)
        writeError(to: &writer)
        writeUsage(to: &writer)
        writeGatewayPart(to: &writer, queueStatus)
        writer.endObject()
        return writer.bytes
    }

    func writeUsage(to writer: inout JSONWriter) {
        writer.name(.usage)
        if let usage { writer.raw(usage.utf8) } else { writer.null() }
    }

    /// 99 while the gateway copies the video, 100 once it is archived, whatever the provider reports.
    private var shownProgress: Int {
        switch state {
        case .queued, .sending, .running: min(progress, 99)
        case .archiving: 99
        case .completed: 100
        case .failed, .uncertain, .cancelled: progress
        }
    }

    func writeResults(to writer: inout JSONWriter, links: Links) {
        writer.name(.results)
        guard state == .completed else { return writer.null() }
        writer.beginArray()
        for (index, result) in results.enumerated() {
            writer.beginObject()
            writer.member(.url, links.content(id.text, index: index))
            writer.member(.contentType, result.contentType)
            writer.member(.bytes, result.bytes)
            writer.member(.sha256, result.sha256)
            writer.name(.verified)
            writer.bool(result.verified)
            if let hasCredentials = result.contentCredentials {
                writer.name(.contentCredentials)
                writer.bool(hasCredentials)
            }
            writer.endObject()
        }
        writer.endArray()
    }

    func writeError(to writer: inout JSONWriter) {
        writer.name(.error)
        guard let failure = shownFailure else { return writer.null() }
        writer.beginObject()
        writer.member(.code, failure.code)
        writer.member(.message, failure.message)
        writer.endObject()
    }

    private var shownFailure: FailureReason? {
        switch state {
        case .failed: failure ?? Self.unknownError
        case .uncertain: failure ?? Self.outcomeUnknown
        case .queued, .sending, .running, .archiving, .completed, .cancelled: nil
        }
    }

    private static let unknownError = FailureReason(
        code: TaskErrorCode.unknownError.rawValue, message: "the task failed")
    private static let outcomeUnknown = FailureReason(
        code: TaskErrorCode.outcomeUnknown.rawValue,
        message:
            "the provider's reply was lost: the job may be running and billed; it is not sent again by itself"
    )

    private func writeGatewayPart(to writer: inout JSONWriter, _ queueStatus: QueueStatus?) {
        writer.name(.gateway)
        writer.beginObject()
        writer.member(.state, state.rawValue)
        if let promptBeginning { writer.member(.prompt, promptBeginning.text) }
        writer.member(.version, version)
        writer.member(.providerTaskID, providerTaskID?.text)
        writer.member(.queuePosition, queueStatus?.position)
        writer.member(.attempts, attempts)
        writer.member(.updated, updated.seconds)
        writer.member(.contentExpires, contentRemoved ? nil : contentExpires?.seconds)
        writer.member(.client, client)
        writeIfTrue(.contentRemoved, contentRemoved, to: &writer)
        writeIfTrue(.slow, isSlow, to: &writer)
        writePrice(to: &writer)
        writeReview(to: &writer)
        writeWarnings(to: &writer)
        write(queueStatus?.waiting, to: &writer)
        writeEvidence(to: &writer)
        writer.endObject()
    }

    private func writeIfTrue(_ name: TaskMember, _ value: Bool, to writer: inout JSONWriter) {
        guard value else { return }
        writer.name(name)
        writer.bool(true)
    }

    func writePrice(to writer: inout JSONWriter) {
        guard let price else { return }
        writer.name(.price)
        writer.beginObject()
        writer.member(.microdollars, price)
        writer.member(.state, priceState.rawValue)
        if earlierPrice > 0 { writer.member(.earlierMicrodollars, earlierPrice) }
        writer.endObject()
    }

    func writeReview(to writer: inout JSONWriter) {
        guard let review else { return }
        writer.name(.review)
        writer.beginObject()
        writer.member(.verdict, review.verdict.rawValue)
        writer.member(.note, review.note)
        writer.endObject()
    }

    private func writeWarnings(to writer: inout JSONWriter) {
        let isUnfetched = removalWarned != nil && fetched == nil && !contentRemoved
        guard isUnfetched || deprecation != nil else { return }
        writer.name(.warnings)
        writer.beginArray()
        if let deprecation { Self.write(warning: "model_deprecated", deprecation, to: &writer) }
        if isUnfetched {
            let time = contentExpires.map { "at \($0.iso8601), or earlier if" } ?? "when"
            Self.write(
                warning: "not_fetched",
                "nobody has fetched the video; it is removed \(time) the archive needs the space",
                to: &writer)
        }
        writer.endArray()
    }

    private static func write(warning code: String, _ message: String, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member(.code, code)
        writer.member(.message, message)
        writer.endObject()
    }

    private func write(_ waiting: QueueStatus.Waiting?, to writer: inout JSONWriter) {
        writer.name(.waiting)
        guard let waiting else { return writer.null() }
        writer.beginObject()
        writer.member(.code, waiting.reason.rawValue)
        writer.member(.message, waiting.message)
        writer.member(.next, waiting.nextSeconds)
        writer.endObject()
    }

    private func writeEvidence(to writer: inout JSONWriter) {
        writer.name(.evidence)
        guard state == .uncertain, let evidence else { return writer.null() }
        writer.beginObject()
        writer.member(.attempt, evidence.attempt)
        writer.member(.sent, evidence.sent.seconds)
        writer.member(.lost, evidence.lost.seconds)
        writer.member(.bytesSent, evidence.reply.bytesSent)
        writer.member(.status, evidence.reply.status)
        writer.member(.words, evidence.reply.message)
        writer.member(.providerRequestID, evidence.reply.providerRequestID)
        writer.endObject()
    }
}

extension QueueStatus.Waiting {
    /// The time of the next attempt in seconds since 1970, rounded up.
    var nextSeconds: Int64? { next.map { ($0 + .milliseconds(999)).seconds } }
}

extension JSONWriter {
    fileprivate mutating func name(_ name: TaskMember) { self.name(name.rawValue) }

    fileprivate mutating func member(_ name: TaskMember, _ text: String?) { member(name.rawValue, text) }

    fileprivate mutating func member(_ name: TaskMember, _ number: (some BinaryInteger)?) {
        member(name.rawValue, number)
    }
}
