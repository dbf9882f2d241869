package import Gateway
import GatewayProtocol
package import HTTPServing
package import HTTPWire
package import VideoJobs

/// Renders an archived video: whole, a range, or 304.
package struct ContentDelivery: Sendable {
    private let file: ArchivedFile
    private let result: ArchivedResult
    private let artifact: ArtifactID

    package init(of file: ArchivedFile, _ result: ArchivedResult, _ artifact: ArtifactID) throws(Problem) {
        // A file must not be served under the SHA-256 of another.
        guard file.bytes == result.bytes else {
            throw Problem(
                .internalError,
                "the archived video is damaged: its length differs from the stored one")
        }
        (self.file, self.result, self.artifact) = (file, result, artifact)
    }

    /// Returns the video or the requested range (RFC 9110 §14), or 304 if the client has it.
    package func response(to head: RequestHead) throws(Problem) -> HTTPResponse {
        let tag = EntityTag(result.sha256)
        let validators = RequestConditions.Validators(entityTag: tag)
        let conditions = RequestConditions(head, now: 0)
        switch conditions.outcome(validators) {
        case .failed: throw Problem(.preconditionFailed, "If-Match does not name this video")
        case .notModified: return HTTPResponse(status: 304, fields: commonFields(tag))
        case .proceed: break
        }
        // RFC 9110 §14.2: Range is defined for GET only and may be ignored, here where it is repeated.
        let isRanged = head.method == "GET" && conditions.allowsRange(validators)
        let requested = isRanged ? head.fields.single("Range") : nil
        switch ByteRange.resolve(requested, length: file.bytes) {
        case .unsatisfiable: throw unsatisfiable
        case .parts(let parts) where parts.count == 1: return part(parts[0], tag)
        // Several parts would need multipart/byteranges: RFC 9110 §14.2 allows to ignore the field instead.
        case .parts, .whole: return whole(tag)
        }
    }

    private func whole(_ tag: EntityTag) -> HTTPResponse {
        HTTPResponse(
            status: 200, fields: contentFields(tag),
            body: .file(path: file.path, offset: 0, length: file.bytes))
    }

    private func part(_ range: Range<Int64>, _ tag: EntityTag) -> HTTPResponse {
        var fields = contentFields(tag)
        fields.append(
            "Content-Range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.bytes)")
        let length = range.upperBound - range.lowerBound
        return HTTPResponse(
            status: 206, fields: fields,
            body: .file(path: file.path, offset: range.lowerBound, length: length))
    }

    private var unsatisfiable: Problem {
        var problem = Problem(.rangeNotSatisfiable, "the video has \(file.bytes) bytes")
        problem.fields.append("Content-Range", "bytes */\(file.bytes)")  // RFC 9110 §15.5.17
        return problem
    }

    private func commonFields(_ tag: EntityTag) -> HTTPFields {
        var fields = HTTPFields()
        fields.append("ETag", tag.text)
        fields.append("Accept-Ranges", "bytes")
        fields.append("Cache-Control", "private, no-cache")
        return fields
    }

    private func contentFields(_ tag: EntityTag) -> HTTPFields {
        var fields = commonFields(tag)
        fields.append("Content-Type", result.contentType)
        // The bytes came from the provider: no browser may guess another type, nor show an unverified file.
        fields.append("X-Content-Type-Options", "nosniff")
        let isMedia = result.contentType.hasPrefix("video/") || result.contentType.hasPrefix("image/")
        let disposition = isMedia && result.verified ? "inline" : "attachment"
        fields.append("Content-Disposition", "\(disposition); filename=\"\(fileName)\"")
        return fields
    }

    private var fileName: String {
        let suffix = artifact.index == 0 ? "" : "-\(artifact.index + 1)"
        return "\(artifact.task)\(suffix).\(fileExtension)"
    }

    /// The archive names only these types; every other file is named as a video.
    private var fileExtension: String {
        switch result.contentType {
        case "video/quicktime": "mov"
        case "video/webm": "webm"
        case "video/x-matroska": "mkv"
        case "image/jpeg": "jpg"
        case "image/png", "image/gif", "image/webp", "image/avif", "image/heic":
            String(result.contentType.dropFirst("image/".count))
        default: "mp4"
        }
    }
}
