import GatewayProtocol

// The endpoints of health and monitoring, and of the catalog.
extension RouteList {
    static func models(_ services: APIServices) -> [Route] {
        let models = ModelPages(services.catalog, services.settings)
        let page = RouteResponses.page
        return [
            Route(
                method: "GET", path: "/v1/models", link: "models",
                summary: "the catalog, each model with a JSON Schema of its parameters; `ETag`",
                responses: page,
                operation: APIOperation(
                    "listModels", .models, reading: [.ifNoneMatch], content: [.json(.modelList)],
                    responseFields: [.entityTag]),
                handler: .immediate(models.respondWithList)),
            Route(
                method: "GET", path: GatewayPath.model, link: nil, summary: "one model; `ETag`",
                responses: RouteResponses(
                    statuses: page.statuses, problems: page.problems.union([.notFound])),
                operation: APIOperation(
                    "getModel", .models, reading: [.ifNoneMatch], content: [.json(.model)],
                    responseFields: [.entityTag]),
                handler: .immediate(models.respond)),
        ]
    }

    static func operations(_ services: APIServices) -> [Route] {
        [
            Route(
                method: "GET", path: GatewayPath.health, link: "health",
                summary: "200 while the process responds, whatever the `Host`", access: .healthCheck,
                ignoresQuery: true,
                operation: APIOperation("getHealth", .operations, content: [.json(.health)]),
                handler: .immediate { HealthEndpoint().respond(to: $0) }),
            Route(
                method: "GET", path: GatewayPath.readiness, link: "readiness",
                summary: "200 if the gateway can take jobs, else 503 with the reasons, whatever the `Host`",
                access: .healthCheck, parameters: ReadinessEndpoint.parameters,
                responses: RouteResponses(
                    problems: [
                        .archiveUnavailable, .providerCredentialsRejected, .providerQuotaExhausted,
                        .providerUnreachable, .storeRestored,
                    ]),
                operation: APIOperation("getReadiness", .operations, content: [.json(.readiness)]),
                handler: .asynchronous(ReadinessEndpoint(services: services).respond)),
            Route(
                method: "GET", path: GatewayPath.description, link: "openapi",
                summary: "this API in OpenAPI 3.1, with the jobs of each model; `ETag`", access: .anyone,
                responses: RouteResponses.page,
                operation: APIOperation(
                    "getDescription", .operations, reading: [.ifNoneMatch],
                    content: [.json(.description)], responseFields: [.entityTag]),
                handler: DescriptionPage(services).handler),
            Route(
                method: "GET", path: GatewayPath.metrics, link: "metrics",
                summary: "metrics for Prometheus; OpenMetrics by `Accept`", access: .operator,
                operation: APIOperation(
                    "getMetrics", .operations,
                    content: [.media("text/plain"), .media("application/openmetrics-text")]),
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
