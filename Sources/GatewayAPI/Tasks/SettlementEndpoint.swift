import Gateway
import GatewayProtocol
import HTTPServing
import HTTPWire
import VideoJobs

/// `POST /v1/tasks/{id}/adopt`, `/dismiss` and `/resubmit`: settle an uncertain task.
struct SettlementEndpoint: Sendable {
    let services: APIServices
    let action: SettlementAction

    func respond(to request: RouteRequest) async throws -> HTTPResponse {
        do {
            return try await settle(request)
        } catch {
            throw forbiddingRetry(Problem(error))
        }
    }

    private func settle(_ request: RouteRequest) async throws -> HTTPResponse {
        let settlement = try SettlementBody(action).settlement(request)
        let gateway = services.gateway
        guard let known = try await gateway.task(request.id, for: request.caller),
            let outcome = try await gateway.settle(
                known.record.id, as: settlement, for: request.caller)
        else { throw Problem.taskNotFound }
        switch outcome {
        case .settled(let view): return response(services.responses.response(for: view))
        case .notUncertain(let view): throw Problem.notUncertain(view.record)
        case .refused(let issue): throw Problem(issue)
        }
    }

    private func response(_ task: TaskResponses) -> HTTPResponse {
        var response = task.ok
        if action == .resubmit { response.fields.append(GatewayHeader.shouldRetry, "false") }
        return response
    }

    /// A blind second resubmission could meet a task that was sent and lost once more, and buy again.
    private func forbiddingRetry(_ problem: Problem) -> Problem {
        var problem = problem
        let mayHaveSent = problem.status == 409 || problem.status >= 500
        if action == .resubmit, mayHaveSent { problem.forbidsRetry = true }
        return problem
    }
}

extension Problem {
    fileprivate static func notUncertain(_ record: TaskRecord) -> Problem {
        let providerTask = record.providerTaskID.map { ", the provider's task \($0)" } ?? ""
        var problem = Problem(
            .notUncertain,
            "only an uncertain task can be settled; this one is \(record.state.rawValue)\(providerTask)")
        problem.task = record.id
        return problem
    }
}
