import Gateway
import GatewayProtocol
import HTTPServing
import HTTPWire
import VideoJobs

/// `GET /v1/tasks/{id}/content`: the archived video of a task, whole or in part.
struct ContentEndpoint: Sendable {
    let services: APIServices

    private static let index = "index"
    private static let indices = 0...Int(Int32.max)
    static let parameters = [
        QueryParameter(index, .integers(indices), "which of the task's videos; the first without it")
    ]

    func respond(to request: RouteRequest) async throws -> HTTPResponse {
        let query = try QueryReader(request.head.query, accepting: Self.parameters)
        let index = try query.integer(Self.index, in: Self.indices) ?? 0
        switch try await services.gateway.content(
            of: request.id, index: index, for: request.caller)
        {
        case .notFound:
            throw Problem(.notFound, "there is no such task, or the task has no such video")
        case .notReady(let record):
            throw Problem.notReady(record)
        case .expired(let video):
            throw Problem(video)
        case .unavailable(let message, let wait):
            var problem = Problem(.archiveUnavailable, message)
            problem.retryAfter = wait
            throw problem
        case .found(let content, let result, let record):
            let name = ContentName(of: record, index: index)
            let response = try ContentDelivery(of: content, result, named: name).response(to: request.head)
            if request.head.method == "GET", response.reachesEnd(of: result) {
                services.gateway.recordFetch(of: record)
            }
            return response
        }
    }
}

extension HTTPResponse {
    /// Whether the client has the end of the video with this response; a request for its beginning alone, as
    /// of a player that looks what it is, is no fetch.
    fileprivate func reachesEnd(of result: ArchivedResult) -> Bool {
        guard status == 206, case .file(_, let offset, let length) = body else { return true }
        return offset + length == result.bytes
    }
}

extension Problem {
    /// A video that retention removed, with what is known of it.
    fileprivate init(_ video: ExpiredContent) {
        self.init(.expired, "the video was removed: its time was over, or the archive needed the space")
        expired = video
    }

    fileprivate static func notReady(_ record: TaskRecord) -> Problem {
        let status = record.status.rawValue
        guard !record.state.isOpen else {
            return Problem(.notReady, "the task is \(status): its video is not here yet")
        }
        var problem = Problem(
            .notReady,
            record.state == .uncertain
                ? "the task is uncertain: whether there is a video is not known until it is settled"
                : "the task is \(status): it has no video")
        problem.retryAfter = nil
        return problem
    }
}
