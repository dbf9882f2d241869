package import Gateway
import HTTPWire
package import HTTPServing
import JSONText
package import VideoJobs

/// The answers about a task as it stands, built when it changes and not when somebody asks.
package final class PreparedTask: Sendable {
    /// The task (contract, section 4).
    package let json: [UInt8]
    /// Names this state of this task: its version and, while it waits, its place in the queue and the time of
    /// its next try.
    package let entityTag: String
    /// 200 with the task.
    package let found: HTTPResponse
    /// 304 for whoever has it.
    package let unchanged: HTTPResponse

    package init(_ record: TaskRecord, standing: QueueStanding? = nil, publicURL: String) {
        var writer = JSONWriter(reserving: 768)
        record.write(to: &writer, standing, links: Links(publicURL: publicURL))
        json = writer.bytes
        entityTag = "\"\(record.version)\(standing?.tag ?? "")\""

        var fields = HTTPFields()
        fields.append("ETag", entityTag)
        // Whoever keeps it asks again each time, which costs a 304.
        fields.append("Cache-Control", "private, no-cache")
        unchanged = HTTPResponse(status: 304, fields: fields)
        fields.append("Content-Type", "application/json")
        found = HTTPResponse(status: 200, fields: fields, body: .bytes(json))
    }
}

extension TaskRecord {
    fileprivate func write(to writer: inout JSONWriter, _ standing: QueueStanding?, links: Links) {
        writer.beginObject()
        writer.member("id", id.text)
        writer.member("object", "video.generation.task")
        writer.member("type", "video")
        writer.member("created", created.seconds)
        writer.member("model", model)
        writer.member("status", status.rawValue)
        writer.member("progress", shownProgress)
        writer.name("task_info")
        writer.beginObject()
        writer.name("can_cancel")
        writer.bool(state == .queued)
        writer.member("estimated_time", estimatedSeconds)
        writer.endObject()
        writeResults(to: &writer, links: links)
        writeFailure(to: &writer)
        writer.name("usage")
        if let usage { writer.raw(usage.utf8) } else { writer.null() }
        writeGatewayPart(to: &writer, standing)
        writer.endObject()
    }

    /// 99 is ours: what remains is copying. So is 100: the content is here.
    private var shownProgress: Int {
        switch state {
        case .queued, .sending, .running: min(progress, 99)
        case .archiving: 99
        case .completed: 100
        case .failed, .uncertain, .cancelled: progress
        }
    }

    private func writeResults(to writer: inout JSONWriter, links: Links) {
        writer.name("results")
        guard state == .completed else { return writer.null() }
        writer.beginArray()
        for (index, result) in results.enumerated() {
            writer.beginObject()
            writer.member("url", links.content(id.text, index: index))
            writer.member("content_type", result.contentType)
            writer.member("bytes", result.bytes)
            writer.member("sha256", result.sha256)
            writer.name("verified")
            writer.bool(result.verified)
            writer.endObject()
        }
        writer.endArray()
    }

    private func writeFailure(to writer: inout JSONWriter) {
        writer.name("error")
        guard let failure = shownFailure else { return writer.null() }
        writer.beginObject()
        writer.member("code", failure.code)
        writer.member("message", failure.message)
        writer.endObject()
    }

    private var shownFailure: FailureReason? {
        switch state {
        case .failed: failure ?? FailureReason(code: "unknown_error", message: "the task failed")
        case .uncertain: failure ?? Self.outcomeUnknown
        case .queued, .sending, .running, .archiving, .completed, .cancelled: nil
        }
    }

    private static let outcomeUnknown = FailureReason(
        code: "outcome_unknown",
        message:
            "the provider's reply was lost: the job may be running and billed; it is not sent again by itself"
    )

    private func writeGatewayPart(to writer: inout JSONWriter, _ standing: QueueStanding?) {
        writer.name("gateway")
        writer.beginObject()
        writer.member("state", state.rawValue)
        writer.member("version", version)
        writer.member("provider_task_id", providerTaskID?.text)
        writer.member("queue_position", standing?.position)
        writer.member("attempts", attempts)
        writer.member("updated", updated.seconds)
        writer.member("content_expires", contentExpires?.seconds)
        writer.member("client", client)
        write(standing?.waiting, to: &writer)
        writeEvidence(to: &writer)
        writer.endObject()
    }

    /// Why it is not sent; `next` is in whole seconds like all times, rounded up.
    private func write(_ waiting: QueueStanding.Waiting?, to writer: inout JSONWriter) {
        writer.name("waiting")
        guard let waiting else { return writer.null() }
        writer.beginObject()
        writer.member("code", waiting.obstacle.rawValue)
        writer.member("message", waiting.message)
        writer.member("next", waiting.nextSeconds)
        writer.endObject()
    }

    private func writeEvidence(to writer: inout JSONWriter) {
        writer.name("evidence")
        guard state == .uncertain, let evidence else { return writer.null() }
        writer.beginObject()
        writer.member("attempt", evidence.attempt)
        writer.member("sent", evidence.sent.seconds)
        writer.member("lost", evidence.lost.seconds)
        writer.member("bytes_sent", evidence.reply.bytesSent)
        writer.member("status", evidence.reply.status)
        writer.member("words", evidence.reply.message)
        writer.member("provider_request_id", evidence.reply.providerRequestID)
        writer.endObject()
    }
}

extension QueueStanding {
    fileprivate var tag: String {
        "-q\(position ?? 0)" + (waiting.map { "-w\($0.nextSeconds ?? 0)" } ?? "")
    }
}

extension QueueStanding.Waiting {
    fileprivate var nextSeconds: Int64? { next.map { ($0 + .milliseconds(999)).seconds } }
}
