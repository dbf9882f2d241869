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
                + [Self.backups(services)] + Self.models(services) + Self.operations(services)
                + Self.dashboard(services),
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
            let query = route.parameters.map { "`\($0.name)`" }.joined(separator: ", ")
            let summary = query.isEmpty ? route.summary : "\(route.summary). Query: \(query)"
            return "| `\(route.method) \(route.path)` | \(summary) |"
        }
        return (["| call | response |", "|---|---|"] + rows).joined(separator: "\n")
    }
}

extension RouteList {
    private static func management(_ services: APIServices) -> [Route] {
        [
            Route(
                method: "GET", path: GatewayPath.usage, link: "usage",
                summary: "spent, reserved and held money, and what is left of limits and budget; `by=client`,"
                    + " `model` or `day`; `Accept: text/csv`",
                parameters: UsageEndpoint.parameters,
                operation: APIOperation(
                    "getUsage", .usage, content: [.json(.usage), .media("text/csv")]),
                handler: .asynchronous(UsageEndpoint(services: services).respond)),
            Route(
                method: "POST", path: GatewayPath.resume, link: "resume",
                summary: """
                    `{"reason":"older_store"}` ends the pause after a backup was restored; \
                    `{"reason":"spend"}` lets the spend ceiling of the day count from now on
                    """,
                access: .operator, action: .resume, body: .json,
                responses: RouteResponses(
                    problems: [.malformedJSON, .unsupportedMediaType, .invalidParameters, .notPaused]),
                operation: APIOperation(
                    "resumeSubmission", .operations, body: .resumption, content: [.json(.submission)]),
                handler: .asynchronous(ResumeEndpoint(services: services).respond)),
            Route(
                method: "GET", path: GatewayPath.audit, link: "audit",
                summary: "who did what, newest first; `since` in seconds since 1970, `client` as actor or"
                    + " owner",
                access: .operator, parameters: AuditEndpoint.parameters,
                operation: APIOperation("listAudit", .usage, content: [.json(.auditList)]),
                handler: .asynchronous(AuditEndpoint(services: services).respond)),
        ]
    }
}
