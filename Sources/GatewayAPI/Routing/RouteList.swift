import Gateway
import GatewayProtocol
import HTTPServing
import HTTPWire

/// The endpoints of the API, in the order of the index page and the documentation.
///
/// Adding an endpoint takes one `Route` here and its handler: the router, `Allow`, the index page and the
/// access rules are derived from this list, and tests compare README's table of calls with it.
struct RouteList: Sendable {
    let routes: [Route]

    /// The given routes, the index page that links them, and the dashboard.
    init(_ routes: [Route], _ settings: APISettings) {
        self.routes = routes + Self.root(linking: routes, settings)
    }

    /// The endpoints of the gateway.
    init(_ services: APIServices) {
        self.init(
            [Self.generations(services), Self.quote(services)] + Self.tasks(services)
                + [Self.record(services)] + Self.events(services) + Self.deliveries(services)
                + Self.settlement(services)
                + Self.clients(services) + Self.sessions(services) + Self.management(services)
                + [Self.backups(services)] + Self.operations(services) + Self.dashboard(services),
            services.settings)
    }

    /// A router to these routes.
    var router: Router<Route> {
        var router = Router<Route>()
        for var route in routes {
            route.number = number(ofPath: route.path)
            router.add(route.method, route.path, route)
        }
        return router
    }

    /// The paths of health checks.
    var healthCheckPaths: [String] {
        routes.filter { $0.access == .healthCheck }.map(\.path)
    }

    /// The paths that need no token.
    var publicPaths: PublicPaths {
        PublicPaths(routes.filter { $0.access == .anyone || $0.access == .healthCheck }.map(\.path))
    }

    /// README's table of calls, in Markdown: of the calls that every client may make.
    var table: String { table(of: routes.filter { $0.access != .operator && !$0.isOfDashboard }) }

    /// The table of operators' calls, in Markdown, for the documentation.
    var operatorTable: String { table(of: routes.filter { $0.access == .operator && !$0.isOfDashboard }) }

    private func table(of routes: [Route]) -> String {
        let rows = routes.map { route in
            let query = route.parameters.map { "`\($0)`" }.joined(separator: ", ")
            let summary = query.isEmpty ? route.summary : "\(route.summary). Query: \(query)"
            return "| `\(route.method) \(route.path)` | \(summary) |"
        }
        return (["| call | response |", "|---|---|"] + rows).joined(separator: "\n")
    }
}

extension RouteList {
    private static func generations(_ services: APIServices) -> Route {
        Route(
            method: "POST", path: GatewayPath.generations, link: "submit",
            summary: """
                200 and the task. `Prefer: respond-async`: 202 as soon as the job is durable. \
                `Prefer: wait=N`: waits for its end. `Idempotency-Key`: the same job again joins the same \
                task, with `Idempotent-Replayed: true`
                """,
            action: .submit, body: .json,
            responses: RouteResponses(
                statuses: [200, 202],
                problems: [
                    .malformedJSON, .unsupportedMediaType, .invalidParameters, .unknownModel, .modelRetired,
                    .modelNotAllowed, .budgetExhausted, .spendCeiling, .tooManyTasks,
                    .callbackNotAllowed, .idempotencyKeyReused, .providerRefused, .outcomeUnknown,
                    .providerCredentialsRejected, .providerQuotaExhausted, .providerUnreachable,
                    .storeRestored,
                ]),
            canWait: true, handler: .asynchronous(GenerationEndpoint(services: services).respond))
    }

    private static func quote(_ services: APIServices) -> Route {
        Route(
            method: "POST", path: GatewayPath.quote, link: "quote",
            summary: "what a job would cost, its position in the queue, and every issue; buys nothing",
            body: .json, responses: RouteResponses(problems: [.malformedJSON, .unsupportedMediaType]),
            handler: .asynchronous(QuoteEndpoint(services: services).respond))
    }

    private static func tasks(_ services: APIServices) -> [Route] {
        [
            Route(
                method: "GET", path: GatewayPath.tasks, link: "tasks", summary: "tasks, newest first",
                parameters: TaskListEndpoint.parameters,
                handler: .asynchronous(TaskListEndpoint(services: services).respond)),
            Route(
                method: "GET", path: GatewayPath.task, link: "task",
                summary: "the task, from the gateway's own state; `ETag`; `wait=N` or `Prefer: wait=N` waits"
                    + " for a change",
                parameters: TaskEndpoint.parameters,
                responses: RouteResponses(statuses: [200, 304], problems: [.notFound, .tooManyStreams]),
                canWait: true, handler: .asynchronous(TaskEndpoint(services: services).respond)),
            Route(
                method: "GET", path: GatewayPath.content, link: "content",
                summary: "the video: `Range`, `ETag` (its SHA-256); an attachment if its `verified` is false",
                parameters: ContentEndpoint.parameters,
                responses: RouteResponses(
                    statuses: [200, 206, 304, 307],
                    problems: [
                        .notFound, .notReady, .expired, .preconditionFailed, .rangeNotSatisfiable,
                        .archiveUnavailable,
                    ]),
                handler: .asynchronous(ContentEndpoint(services: services).respond)),
            Route(
                method: "POST", path: GatewayPath.cancel, link: "cancel",
                summary: "withdraws a job that was not sent yet", action: .cancel,
                body: .optionalJSON,
                responses: RouteResponses(problems: [.notFound, .cannotCancel, .unsupportedMediaType]),
                handler: .asynchronous(CancelEndpoint(services: services).respond)),
            Route(
                method: "POST", path: GatewayPath.review, link: "review",
                summary: "`{\"verdict\":\"accepted\"}` or `rejected`, with a `note`: judges a completed task",
                action: .review, body: .json,
                responses: RouteResponses(
                    problems: [
                        .malformedJSON, .unsupportedMediaType, .invalidParameters, .notFound, .notReady,
                    ]),
                handler: .asynchronous(ReviewEndpoint(services: services).respond)),
        ]
    }

    private static func record(_ services: APIServices) -> Route {
        Route(
            method: "GET", path: GatewayPath.record, link: "record",
            summary: "the job as sent, model, provider ids, history, price and SHA-256, in one document",
            responses: RouteResponses(problems: [.notFound]),
            handler: .asynchronous(RecordEndpoint(services: services).respond))
    }

    private static func settlement(_ services: APIServices) -> [Route] {
        SettlementAction.allCases.map { action in
            var problems: Set<ProblemCode> = [
                .malformedJSON, .unsupportedMediaType, .invalidParameters, .notFound, .notUncertain,
            ]
            if action == .resubmit {
                problems.formUnion([.budgetExhausted, .spendCeiling, .modelNotAllowed, .modelRetired])
            }
            if action == .adopt {
                problems.formUnion([
                    .providerTaskTaken, .unknownProviderTask, .providerCredentialsRejected,
                    .providerQuotaExhausted, .providerUnreachable, .rateLimited,
                ])
            }
            return Route(
                method: "POST", path: action.path, link: action.rawValue, summary: summary(of: action),
                access: .operator, action: action.auditAction, body: .optionalJSON,
                responses: RouteResponses(problems: problems),
                handler: .asynchronous(SettlementEndpoint(services: services, action: action).respond))
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

    private static func clients(_ services: APIServices) -> [Route] {
        let clients = ClientsEndpoint(services: services)
        let issues: Set<ProblemCode> = [.malformedJSON, .unsupportedMediaType, .invalidParameters]
        return [
            Route(
                method: "GET", path: GatewayPath.clients, link: "clients", summary: "all clients",
                access: .operator, handler: .asynchronous(clients.list)),
            Route(
                method: "POST", path: GatewayPath.clients, link: nil,
                summary: "adds a client; the response is the only one with its token", access: .operator,
                action: .clientAdd, body: .json,
                responses: RouteResponses(
                    statuses: [201], problems: issues.union([.clientExists, .tooManyClients])),
                handler: .asynchronous(clients.add)),
            Route(
                method: "GET", path: GatewayPath.client, link: nil, summary: "one client",
                access: .operator, responses: RouteResponses(problems: [.notFound]),
                handler: .asynchronous(clients.show)),
            Route(
                method: "PATCH", path: GatewayPath.client, link: nil,
                summary: "changes role, models, limits, budget or weight; effective at once",
                access: .operator, action: .clientSet, body: .json,
                responses: RouteResponses(problems: issues.union([.notFound])),
                handler: .asynchronous(clients.update)),
            Route(
                method: "DELETE", path: GatewayPath.client, link: nil,
                summary: "revokes all tokens of a client; its tasks stay", access: .operator,
                action: .clientRevoke, body: .optionalJSON,
                responses: RouteResponses(problems: [.notFound, .unsupportedMediaType]),
                handler: .asynchronous(clients.revoke)),
            Route(
                method: "POST", path: GatewayPath.clientRotation, link: nil,
                summary: "a new token; `{\"overlap_seconds\":N}` keeps the earlier one valid for a while",
                access: .operator, action: .clientRotate, body: .optionalJSON,
                responses: RouteResponses(problems: issues.union([.notFound])),
                handler: .asynchronous(clients.rotate)),
        ]
    }

    private static func sessions(_ services: APIServices) -> [Route] {
        let sessions = SessionEndpoint(services: services)
        return [
            Route(
                method: "POST", path: GatewayPath.session, link: "session",
                summary: "exchanges a token for a browser's cookie, for 12 hours or until the token ends",
                action: .sessionOpen, responses: RouteResponses(problems: [.notFound]),
                handler: .asynchronous(sessions.open)),
            Route(
                method: "DELETE", path: GatewayPath.session, link: nil, summary: "signs the browser out",
                action: .sessionClose, responses: RouteResponses(statuses: [204], problems: [.notFound]),
                handler: .asynchronous(sessions.close)),
        ]
    }

    private static func management(_ services: APIServices) -> [Route] {
        [
            Route(
                method: "GET", path: GatewayPath.usage, link: "usage",
                summary: "spent, reserved and held money, and what is left of limits and budget; `by=client`,"
                    + " `model` or `day`; `Accept: text/csv`",
                parameters: UsageEndpoint.parameters,
                handler: .asynchronous(UsageEndpoint(services: services).respond)),
            Route(
                method: "POST", path: GatewayPath.resume, link: "resume",
                summary: """
                    `{"reason":"older_store"}` ends the pause after a backup was restored; \
                    `{"reason":"spend"}` lets the spend ceiling of the day count from now on
                    """,
                access: .operator, action: .resume, body: .optionalJSON,
                responses: RouteResponses(
                    problems: [.malformedJSON, .unsupportedMediaType, .invalidParameters, .notPaused]),
                handler: .asynchronous(ResumeEndpoint(services: services).respond)),
            Route(
                method: "GET", path: GatewayPath.audit, link: "audit",
                summary: "who did what, newest first; `since` in seconds since 1970, `client` as actor or"
                    + " owner",
                access: .operator, parameters: AuditEndpoint.parameters,
                handler: .asynchronous(AuditEndpoint(services: services).respond)),
        ]
    }
}
