import Gateway
import GatewayProtocol
import HTTPServing
import HTTPWire
import VideoJobs

/// `GET /v1/tasks/{id}/content`: the archived video of a task, whole or in part.
struct ContentEndpoint: Sendable {
    let services: APIServices

    private static let index = "index"
    static let parameters = [index]

    func respond(to request: RouteRequest) async throws -> HTTPResponse {
        let query = try QueryReader(request.head.query, accepting: Self.parameters)
        let index = try query.integer(Self.index, in: 0...Int(Int32.max)) ?? 0
        switch try await services.gateway.content(
            of: request.id, index: index, for: request.caller)
        {
        case .notFound:
            throw Problem(.notFound, "there is no such task, or the task has no such video")
        case .notReady(let record):
            throw Problem.notReady(record)
        case .expired:
            throw Problem(.expired, "the retention time of the video is over; it was removed")
        case .unavailable(let message, let wait):
            var problem = Problem(.archiveUnavailable, message)
            problem.retryAfter = wait
            throw problem
        case .found(let content, let result, let record):
            let artifact = ArtifactID(task: record.id, index: index)
            return try ContentDelivery(of: content, result, artifact).response(to: request.head)
        }
    }
}

extension Problem {
    fileprivate static func notReady(_ record: TaskRecord) -> Problem {
        let status = record.status.rawValue
        guard !record.state.isOpen else {
            return Problem(.notReady, "the task is \(status): its video is not here yet")
        }
        var problem = Problem(.notReady, "the task is \(status): it has no video")
        problem.retryAfter = nil
        return problem
    }
}
