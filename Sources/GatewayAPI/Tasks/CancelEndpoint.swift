import Gateway
import GatewayProtocol
import HTTPServing
import VideoJobs

/// `POST /v1/tasks/{id}/cancel`: withdraws a job that was not sent.
struct CancelEndpoint: Sendable {
    let services: APIServices

    func respond(to request: RouteRequest) async throws -> HTTPResponse {
        if !request.body.isEmpty { try JSONBody.checkMediaType(request.head) }
        let gateway = services.gateway
        guard let known = try await gateway.task(request.id, for: request.caller) else {
            throw Problem.taskNotFound
        }
        switch try await gateway.cancel(known.record.id, for: request.caller) {
        case .cancelled(let view): return services.responses.response(for: view).ok
        case .tooLate(let view): throw Problem.cannotCancel(view.record)
        case nil: throw Problem.taskNotFound
        }
    }
}

extension Problem {
    fileprivate static func cannotCancel(_ record: TaskRecord) -> Problem {
        let detail =
            switch record.state {
            case .queued, .sending, .running, .archiving: "the job was sent, and the provider has no cancel"
            case .uncertain: "the task is uncertain: the provider may have the job, and has no cancel"
            case .completed, .failed, .cancelled: "the task has ended: it is \(record.state.rawValue)"
            }
        var problem = Problem(.cannotCancel, detail)
        problem.task = record.id
        return problem
    }
}
