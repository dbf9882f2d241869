package import Gateway
import GatewayProtocol
package import HTTPServing
package import HTTPWire
package import VideoJobs

/// Renders an archived video: whole, a range, a redirect to the archive, or 304.
package struct ContentDelivery: Sendable {
    private let content: ArchivedContent
    private let result: ArchivedResult
    private let name: ContentName

    package init(
        of content: ArchivedContent, _ result: ArchivedResult, named name: ContentName
    ) throws(Problem) {
        // Content must not be served under the SHA-256 of other content.
        guard content.bytes ?? result.bytes == result.bytes else {
            throw Problem(
                .internalError,
                "the archived video is damaged: its length differs from the stored one")
        }
        (self.content, self.result, self.name) = (content, result, name)
    }

    /// Returns the video or the requested range (RFC 9110 §14), a redirect to the video, or 304 if the client
    /// has it.
    package func response(to head: RequestHead) throws(Problem) -> HTTPResponse {
        let validators = RequestConditions.Validators(entityTag: tag)
        let conditions = RequestConditions(head, now: 0)
        switch conditions.outcome(validators) {
        case .failed: throw Problem(.preconditionFailed, "If-Match does not name this video")
        case .notModified: return HTTPResponse(status: 304, fields: commonFields)
        case .proceed: break
        }
        switch content {
        case .file(let file): return try response(to: head, of: file, conditions, validators)
        // RFC 9110 §14.2: Range may be ignored, here where the content is only read from its start.
        case .stream(let stream): return whole(.stream(ArchivedStreamBody(stream)))
        case .redirect(let link): return redirect(to: link)
        }
    }

    private func response(
        to head: RequestHead, of file: any ArchivedFile, _ conditions: RequestConditions,
        _ validators: RequestConditions.Validators
    ) throws(Problem) -> HTTPResponse {
        let body = BodyFile(fileDescriptor: file.fileDescriptor, size: file.bytes, owner: file)
        // RFC 9110 §14.2: Range is defined for GET only and may be ignored, here where it is repeated.
        let isRanged = head.method == "GET" && conditions.allowsRange(validators)
        let requested = isRanged ? head.fields.single("Range") : nil
        switch ByteRange.resolve(requested, length: file.bytes) {
        case .unsatisfiable: throw unsatisfiable
        case .parts(let parts) where parts.count == 1: return part(parts[0], of: body)
        // Several parts would need multipart/byteranges: RFC 9110 §14.2 allows to ignore the field instead.
        case .parts, .whole: return whole(.file(body, offset: 0, length: file.bytes))
        }
    }

    private func whole(_ body: HTTPBody) -> HTTPResponse {
        HTTPResponse(status: 200, fields: contentFields, body: body)
    }

    private func redirect(to link: ArchivedLink) -> HTTPResponse {
        var fields = HTTPFields()
        fields.append("Location", link.url)
        // The link expires, and is for this client alone.
        fields.append("Cache-Control", "no-store")
        return HTTPResponse(status: 307, fields: fields)
    }

    private func part(_ range: Range<Int64>, of file: BodyFile) -> HTTPResponse {
        var fields = contentFields
        fields.append(
            "Content-Range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.size)")
        let length = range.upperBound - range.lowerBound
        return HTTPResponse(
            status: 206, fields: fields,
            body: .file(file, offset: range.lowerBound, length: length))
    }

    private var unsatisfiable: Problem {
        var problem = Problem(.rangeNotSatisfiable, "the video has \(result.bytes) bytes")
        problem.fields.append("Content-Range", "bytes */\(result.bytes)")  // RFC 9110 §15.5.17
        return problem
    }

    private var tag: EntityTag { EntityTag(result.sha256) }

    private var commonFields: HTTPFields {
        var fields = HTTPFields()
        fields.append("ETag", tag.text)
        if case .file = content { fields.append("Accept-Ranges", "bytes") }
        fields.append("Cache-Control", "private, no-cache")
        return fields
    }

    private var contentFields: HTTPFields {
        var fields = commonFields
        fields.append("Content-Type", result.contentType)
        // The bytes came from the provider: no browser may guess another type, nor show an unverified file.
        fields.append("X-Content-Type-Options", "nosniff")
        let isMedia = result.contentType.hasPrefix("video/") || result.contentType.hasPrefix("image/")
        let disposition = isMedia && result.verified ? "inline" : "attachment"
        fields.append("Content-Disposition", "\(disposition); \(name.parameters(for: result.contentType))")
        return fields
    }
}
