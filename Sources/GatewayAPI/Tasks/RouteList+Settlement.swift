import Gateway
import GatewayProtocol

// The routes that settle tasks.
extension RouteList {
    static func settlement(_ services: APIServices) -> [Route] {
        SettlementAction.allCases.map { action in
            Route(
                method: "POST", path: action.path, link: action.rawValue, summary: summary(of: action),
                access: .operator, action: action.auditAction, body: action == .adopt ? .json : .optionalJSON,
                responses: RouteResponses(problems: problems(of: action)),
                operation: APIOperation(
                    "\(action.rawValue)Task", .settlement, body: action == .adopt ? .adoption : .noMembers,
                    content: [.json(.task)], responseFields: [.shouldRetry]),
                handler: .asynchronous(SettlementEndpoint(services: services, action: action).respond))
        }
    }

    private static func problems(of action: SettlementAction) -> Set<ProblemCode> {
        let all: Set<ProblemCode> = [
            .malformedJSON, .unsupportedMediaType, .invalidParameters, .notFound, .notUncertain,
        ]
        return switch action {
        case .dismiss: all
        case .resubmit: all.union([.budgetExhausted, .spendCeiling, .modelNotAllowed, .modelRetired])
        case .adopt:
            all.union([
                .providerTaskTaken, .unknownProviderTask, .providerCredentialsRejected,
                .providerQuotaExhausted, .providerUnreachable, .rateLimited,
            ])
        }
    }

    private static func summary(of action: SettlementAction) -> String {
        switch action {
        case .adopt:
            "settles an `uncertain` task: `{\"provider_task_id\":\"…\"}` is the job at the provider"
        case .dismiss:
            "settles an `uncertain` task: the provider never had the job; it fails. Of an ended task: frees"
                + " the price that it holds"
        case .resubmit:
            "settles an `uncertain` task: sends the job again, although it may be billed twice; judged by"
                + " budget and spend ceilings like a new job"
        }
    }
}
