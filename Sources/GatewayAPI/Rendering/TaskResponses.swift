package import Gateway
package import HTTPServing
package import HTTPWire
import JSONText
package import VideoJobs

/// The responses that show one version of a task, rendered when the task changes and not when a client asks.
package final class TaskResponses: Sendable {
    /// The client that owns the task.
    package let client: String
    /// The task's document.
    package let json: [UInt8]
    /// Names this version of the document: the task's version and, while it waits, its queue position and the
    /// time of its next attempt.
    package let entityTag: String
    private let preparedOK: PreparedResponse
    private let preparedNotModified: PreparedResponse

    package init(_ record: TaskRecord, queueStatus: QueueStatus? = nil, publicURL: String) {
        client = record.client
        json = record.json(queueStatus, links: Links(publicURL: publicURL))
        entityTag = "\"\(record.version)\(queueStatus?.entityTagSuffix ?? "")\""

        var fields = HTTPFields()
        fields.append("ETag", entityTag)
        // A cache revalidates each time, which costs a 304.
        fields.append("Cache-Control", "private, no-cache")
        preparedNotModified = PreparedResponse(HTTPResponse(status: 304, fields: fields))
        fields.append("Content-Type", "application/json")
        preparedOK = PreparedResponse(HTTPResponse(status: 200, fields: fields, body: .bytes(json)))
    }
}

extension TaskResponses {
    /// 200 with the task.
    package var ok: HTTPResponse { preparedOK.response }
    /// 304 for a client that has this version.
    package var notModified: HTTPResponse { preparedNotModified.response }

    /// Returns the task, or 304 if the client has this version.
    package func response(to head: RequestHead) -> HTTPResponse { prepared(for: head).response }

    /// Returns the response to a request, as it was rendered.
    func prepared(for head: RequestHead) -> PreparedResponse {
        guard let tags = head.fields["If-None-Match"] else { return preparedOK }
        return matches(tags, head) ? preparedNotModified : preparedOK
    }

    /// Whether the client knows this version, or named none, and so may wait for the next.
    package func isKnown(to head: RequestHead) -> Bool {
        guard let tags = head.fields["If-None-Match"] else { return true }
        return matches(tags, head)
    }

    private func matches(_ tags: String, _ head: RequestHead) -> Bool {
        // Nearly every client sends back the one tag that it was given.
        tags == entityTag
            || RequestConditions(head, now: 0).outcome(.init(entityTag: EntityTag.parse(entityTag)))
                == .notModified
    }
}

extension QueueStatus {
    fileprivate var entityTagSuffix: String {
        "-q\(position ?? 0)" + (waiting.map { "-w\($0.nextSeconds ?? 0)" } ?? "")
    }
}
