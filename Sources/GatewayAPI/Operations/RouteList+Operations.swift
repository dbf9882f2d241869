import GatewayProtocol

// The endpoints of health and monitoring, and of the catalog.
extension RouteList {
    static func operations(_ services: APIServices) -> [Route] {
        let models = ModelPages(services.catalog, services.settings)
        let page = RouteResponses(statuses: [200, 304], problems: [.preconditionFailed])
        return [
            Route(
                method: "GET", path: "/v1/models", link: "models",
                summary: "the catalog, each model with a JSON Schema of its parameters; `ETag`",
                responses: page, handler: .immediate(models.respondWithList)),
            Route(
                method: "GET", path: GatewayPath.model, link: nil, summary: "one model; `ETag`",
                responses: RouteResponses(
                    statuses: page.statuses, problems: page.problems.union([.notFound])),
                handler: .immediate(models.respond)),
            Route(
                method: "GET", path: GatewayPath.health, link: "health",
                summary: "200 while the process responds, whatever the `Host`", access: .healthCheck,
                handler: .immediate { HealthEndpoint().respond(to: $0) }),
            Route(
                method: "GET", path: GatewayPath.readiness, link: "readiness",
                summary: "200 if the gateway can take jobs, else 503 with the reasons, whatever the `Host`",
                access: .healthCheck, parameters: ["verbose"],
                responses: RouteResponses(
                    problems: [
                        .archiveUnavailable, .providerCredentialsRejected, .providerQuotaExhausted,
                        .providerUnreachable, .storeRestored,
                    ]),
                handler: .asynchronous(ReadinessEndpoint(services: services).respond)),
            Route(
                method: "GET", path: GatewayPath.metrics, link: "metrics",
                summary: "metrics for Prometheus; OpenMetrics by `Accept`", access: .operator,
                handler: .asynchronous(MetricsEndpoint(services: services).respond)),
        ]
    }
}

// The numbers of paths, by which requests are counted.
extension RouteList {
    /// The paths in the order of their numbers.
    var paths: [String] {
        routes.map(\.path).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// The number of a path, from 1: for metrics.
    func number(ofPath path: String) -> Int { (paths.firstIndex(of: path) ?? -1) + 1 }
}
