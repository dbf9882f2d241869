import Gateway
import GatewayProtocol
import HTTPServing
import HTTPWire
import VideoJobs

/// Records refused actions in the audit: those of routes that record what they do.
struct RefusalRecorder: Sendable {
    private let services: APIServices
    private let router: Router<Route>

    init(_ services: APIServices, _ list: RouteList) {
        self.services = services
        router = list.router
    }

    /// Records a problem that keeps a request from its route.
    func record(_ problem: Problem, _ head: RequestHead, _ context: RequestContext, of caller: Caller) {
        guard case .found(let route, let parameters) = router.find(head) else { return }
        var caller = caller
        caller.requestID = context.requestID
        let request = RouteRequest(head: head, parameters: parameters, context: context, caller: caller)
        route.recordRefusal(problem, of: request, services)
    }
}

extension Route {
    /// Records a problem of one of the route's requests, if it refuses an action.
    func recordRefusal(_ problem: Problem, of request: RouteRequest, _ services: APIServices) {
        guard let action, problem.refusesAction, !request.caller.client.isEmpty else { return }
        let task = path.contains("{id}") ? services.gateway.cachedTask(request.id) : nil
        // Another text in the place of a client's name may be anything, a token too.
        let name = path.contains("{name}") ? request.parameters["name"] : ""
        let target = Client.isValidName(name) ? "client \(name): " : ""
        services.gateway.recordRefusal(
            of: action, for: request.caller, (problem.code.rawValue, target + problem.detail), on: task)
    }
}

extension Problem {
    /// Whether it refuses an action that would be recorded if it had been done. A request with a wrong body
    /// and a gateway that fails refuse nothing.
    fileprivate var refusesAction: Bool { [402, 403, 404, 409, 429].contains(status) }
}

extension SettlementAction {
    /// What the audit calls a settlement.
    var auditAction: AuditAction {
        switch self {
        case .adopt: .adopt
        case .dismiss: .dismiss
        case .resubmit: .resubmit
        }
    }
}
