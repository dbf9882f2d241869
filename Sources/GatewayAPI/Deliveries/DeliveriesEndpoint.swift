import Gateway
import GatewayProtocol
import HTTPServing
import VideoJobs

/// `GET /v1/tasks/{id}/deliveries` and `POST /v1/tasks/{id}/redeliver`: the webhooks and notices of a task.
struct DeliveriesEndpoint: Sendable {
    let services: APIServices

    func list(_ request: RouteRequest) async throws -> HTTPResponse {
        guard let known = try await services.gateway.task(request.id, for: request.caller),
            let deliveries = try await services.gateway.deliveries(
                of: known.record.id, for: request.caller)
        else { throw Problem.taskNotFound }
        return .json(deliveries.json)
    }

    func redeliver(_ request: RouteRequest) async throws -> HTTPResponse {
        if !request.body.isEmpty { try JSONBody.checkMediaType(request.head) }
        guard let known = try await services.gateway.task(request.id, for: request.caller),
            let outcome = try await services.gateway.redeliver(known.record.id, for: request.caller)
        else { throw Problem.taskNotFound }
        switch outcome {
        case .ordered(let deliveries): return .json(deliveries.json)
        case .nothing(let record): throw Problem.nothingToDeliver(record)
        }
    }
}

extension Problem {
    fileprivate static func nothingToDeliver(_ record: TaskRecord) -> Problem {
        var problem =
            record.state.isOpen
            ? Problem(.notReady, "the task has not ended, so there is nothing to send")
            : Problem(.notFound, "the task has no webhook: its job has no \(CallbackParameter.name)")
        problem.task = record.id
        return problem
    }
}
