package import Gateway
package import HTTPServing
package import HTTPWire
package import VideoJobs

extension GatewayHandler {
    /// The archived video of a task, whole or in part.
    func content(of id: String, _ head: RequestHead) async throws -> HTTPResponse {
        let query = try QueryReader(head.query, ["index"])
        let index = try query.integer("index", in: 0...Int(Int32.max)) ?? 0
        switch try await gateway.content(of: id, index: index) {
        case .notFound:
            throw Problem(404, "not_found", "there is no such task, or no such video of it")
        case .notReady(let record):
            throw Problem.notReady(record)
        case .expired(let record):
            throw Problem.expired(record)
        case .unavailable(let message, let wait):
            var problem = Problem(503, "archive_unavailable", message)
            problem.retryAfter = wait
            throw problem
        case .file(let file, let result, let record):
            let place = ArtifactID(task: record.id, index: index)
            return try ContentDelivery(of: file, result, at: place).response(to: head)
        }
    }
}

extension Problem {
    fileprivate static func notReady(_ record: TaskRecord) -> Problem {
        guard record.state.isOpen else {
            return Problem(409, "not_ready", "the task is \(record.status.rawValue): it has no video")
        }
        var problem = Problem(
            409, "not_ready", "the task is \(record.status.rawValue): its video is not here yet")
        problem.retryAfter = 5
        return problem
    }

    /// What was stored with its SHA-256 must not go out as the same when it is not.
    fileprivate static let damaged = Problem(
        500, "internal_error", "the archived video is damaged: it has not the length that was stored")

    fileprivate static func expired(_ record: TaskRecord) -> Problem {
        Problem(410, "expired", "the video was kept for its time and is gone")
    }
}

/// How an archived video goes out.
package struct ContentDelivery: Sendable {
    private let file: ArchivedFile
    private let result: ArchivedResult
    private let place: ArtifactID

    package init(of file: ArchivedFile, _ result: ArchivedResult, at place: ArtifactID) throws(Problem) {
        guard file.bytes == result.bytes else { throw .damaged }
        (self.file, self.result, self.place) = (file, result, place)
    }

    /// The whole or the part that was asked for (RFC 9110 §14), or that the client has it.
    package func response(to head: RequestHead) throws(Problem) -> HTTPResponse {
        let tag = EntityTag(result.sha256)
        let validators = RequestConditions.Validators(entityTag: tag)
        let conditions = RequestConditions(head, now: 0)
        switch conditions.outcome(validators) {
        case .failed: throw Problem(412, "precondition_failed", "the video is another than If-Match names")
        case .notModified: return HTTPResponse(status: 304, fields: commonFields(tag))
        case .proceed: break
        }
        // RFC 9110 §14.2: Range is defined for GET only, and may be ignored: so it is where it is repeated.
        let isRanged = head.method == "GET" && conditions.allowsRange(validators)
        let asked = isRanged ? head.fields.single("Range") : nil
        switch ByteRange.resolve(asked, length: file.bytes) {
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
        var problem = Problem(416, "range_not_satisfiable", "the video has \(file.bytes) bytes")
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
        // The bytes came from the provider: no browser may take them for anything else, nor show what could
        // not be verified.
        fields.append("X-Content-Type-Options", "nosniff")
        let isMedia = result.contentType.hasPrefix("video/") || result.contentType.hasPrefix("image/")
        let manner = isMedia && result.verified ? "inline" : "attachment"
        fields.append("Content-Disposition", "\(manner); filename=\"\(fileName)\"")
        return fields
    }

    private var fileName: String {
        let number = place.index == 0 ? "" : "-\(place.index + 1)"
        return "\(place.task)\(number).\(fileExtension)"
    }

    /// What the archive calls by these types; anything else keeps the name of a video.
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
