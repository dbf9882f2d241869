import Gateway
import GatewayProtocol
import HTTPServing
import HTTPWire
import VideoJobs

/// `POST /v1/tasks/{id}/adopt`, `/dismiss` and `/resubmit`: settle an uncertain task. `/dismiss` also frees
/// what an ended task holds.
struct SettlementEndpoint: Sendable {
    let services: APIServices
    let action: SettlementAction

    func respond(to request: RouteRequest) async throws -> HTTPResponse {
        do {
            return try await settle(request)
        } catch {
            throw forbiddingRetry(Problem(error), request)
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
        case .settled(let view): return response(view)
        case .notUncertain(let view): throw Problem.notUncertain(view.record, action)
        case .refused(let issue): throw Problem(issue)
        }
    }

    private func response(_ view: TaskView) -> HTTPResponse {
        var response = services.responses.response(for: view).ok
        // Another dismissal would say that the earlier submissions were not billed either.
        let mustNotRepeat = action == .resubmit || (action == .dismiss && view.record.heldPrice > 0)
        if mustNotRepeat { response.fields.append(GatewayHeader.shouldRetry, "false") }
        return response
    }

    /// A blind second resubmission could meet a task that was sent and lost once more, and buy again. A blind
    /// second dismissal could free what earlier submissions hold.
    private func forbiddingRetry(_ problem: Problem, _ request: RouteRequest) -> Problem {
        var problem = problem
        switch action {
        case .adopt: break
        case .dismiss:
            let earlier = services.gateway.cachedTask(request.id)?.earlierPrice ?? 0
            if problem.status >= 500, earlier > 0 { problem.forbidsRetry = true }
        case .resubmit: if problem.status == 409 || problem.status >= 500 { problem.forbidsRetry = true }
        }
        return problem
    }
}

extension Problem {
    fileprivate static func notUncertain(_ record: TaskRecord, _ action: SettlementAction) -> Problem {
        let providerTask = record.providerTaskID.map { ", the provider's task \($0)" } ?? ""
        let state = "this one is \(record.state.rawValue)\(providerTask)"
        var problem = Problem(
            .notUncertain,
            action == .dismiss
                ? "only an uncertain task, or an ended one that holds a price, can be dismissed; \(state)"
                : "only an uncertain task can be settled; \(state)")
        problem.task = record.id
        return problem
    }
}
