package import Gateway
package import HTTPServing
package import HTTPWire
package import VideoJobs

/// The gateway's HTTP API: routes requests and responds to them.
package struct GatewayHandler: HTTPHandler {
    enum Route: Equatable, Sendable {
        case index, health, readiness
        case models, model
        case submit, tasks, task, content, cancel
        case settle(SettlementAction)
        case resume
        /// Asked what an address has.
        case options(allow: String)
    }

    let gateway: VideoGateway
    let responses: TaskResponses
    let catalog: ModelCatalog
    let settings: APISettings
    private let pages: StaticPages
    private let router: Router<Route>

    /// - Parameter responses: observes the gateway.
    package init(
        gateway: VideoGateway, responses: TaskResponses, catalog: ModelCatalog, settings: APISettings
    ) {
        self.gateway = gateway
        self.responses = responses
        self.catalog = catalog
        self.settings = settings
        pages = StaticPages(catalog, settings)
        router = Self.makeRouter()
    }

    /// This API behind its access rules, as it is served.
    package var behindAccessControl: any HTTPHandler { AccessControl(AccessRules(settings), before: self) }

    private static func makeRouter() -> Router<Route> {
        var router = Router<Route>()
        router.add("GET", "/", .index)
        router.add("GET", "/healthz", .health)
        router.add("GET", "/readyz", .readiness)
        router.add("GET", "/v1/models", .models)
        router.add("GET", "/v1/models/{id}", .model)
        router.add("POST", "/v1/videos/generations", .submit)
        router.add("GET", "/v1/tasks", .tasks)
        router.add("GET", "/v1/tasks/{id}", .task)
        router.add("GET", "/v1/tasks/{id}/content", .content)
        router.add("POST", "/v1/tasks/{id}/cancel", .cancel)
        for call in SettlementAction.allCases {
            router.add("POST", "/v1/tasks/{id}/\(call.rawValue)", .settle(call))
        }
        router.add("POST", "/v1/submission/resume", .resume)
        return router
    }

    package func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        if let known = knownTask(head) { return .respond(known) }
        do {
            let (route, parameters) = try find(head)
            if !head.hasBody, let page = try page(of: route, parameters, head) { return .respond(page) }
            if route == .submit { try Self.checkMediaType(head) }
            if let length = head.contentLength, length > settings.bodyLimit {
                throw Problem.bodyTooLarge(limit: settings.bodyLimit)
            }
            return .collect(limit: settings.bodyLimit) { await self.respond(to: $0, route, parameters) }
        } catch {
            return .respond(render(Problem(error), context))
        }
    }

    package func reject(_ error: HTTPError, _ context: RequestContext) -> HTTPResponse {
        render(Problem(error), context)
    }

    private func respond(
        to request: HTTPRequest, _ route: Route, _ parameters: PathParameters
    ) async -> HTTPResponse {
        do {
            return try await serve(request, route, parameters)
        } catch {
            return render(Problem(error), request.context)
        }
    }

    func render(_ problem: Problem, _ context: RequestContext) -> HTTPResponse {
        problem.response(requestID: context.requestID, publicURL: settings.publicURL)
    }
}

extension GatewayHandler {
    /// Returns the cached response to an unconditional read of a task's state: one look-up, nothing built.
    private func knownTask(_ head: RequestHead) -> HTTPResponse? {
        let prefix = "/v1/tasks/"
        guard head.query == nil, head.method == "GET" || head.method == "HEAD", !head.hasBody,
            head.path.hasPrefix(prefix), !head.fields.contains("Prefer"),
            // An id with a slash or an escape is in no cache, so no such path is mistaken for one.
            let id = String(head.path.utf8.dropFirst(prefix.utf8.count))
        else { return nil }
        return responses.cached(id)?.response(to: head)
    }

    private func find(_ head: RequestHead) throws(Problem) -> (Route, PathParameters) {
        switch router.find(head) {
        case .found(let route, let parameters): return (route, parameters)
        case .options(let allow): return (.options(allow: allow), PathParameters())
        case .wrongMethod(let allow):
            var problem = Problem(
                405, "method_not_allowed", "\(head.method) is not for this address: \(allow)")
            problem.fields.append("Allow", allow)  // RFC 9110 §15.5.6: a 405 must say it.
            throw problem
        case .badEncoding: throw Problem(400, "bad_request", "the path is not percent-encoded UTF-8")
        case .notFound:
            throw Problem(404, "not_found", "there is nothing at this address; GET / lists what is")
        }
    }

    /// Returns the response that needs nothing awaited, if the route has one.
    private func page(
        of route: Route, _ parameters: PathParameters, _ head: RequestHead
    ) throws(Problem) -> HTTPResponse? {
        switch route {
        case .index: return try pages.index.response(to: head)
        case .health: return pages.health
        case .models: return try pages.models.response(to: head)
        case .model: return try pages.model(parameters["id"]).response(to: head)
        case .options(let allow):
            // The methods and nothing else: no other origin is ever let in (contract, section 7).
            var fields = HTTPFields()
            fields.append("Allow", allow)
            return HTTPResponse(status: 204, fields: fields)
        // The state of the archive is looked at when somebody asks.
        case .readiness: return nil
        case .submit, .tasks, .task, .content, .cancel, .settle, .resume: return nil
        }
    }

    private func serve(
        _ request: HTTPRequest, _ route: Route, _ parameters: PathParameters
    ) async throws -> HTTPResponse {
        let head = request.head
        if let page = try page(of: route, parameters, head) { return page }
        switch route {
        case .readiness: return await readiness(request.context)
        case .submit: return await submit(request)
        case .tasks: return try await tasks(head)
        case .task: return try await task(parameters["id"], head)
        case .content: return try await content(of: parameters["id"], head)
        case .cancel:
            // A form of another page can send bodies without asking, but none that are JSON.
            if !request.body.isEmpty { try Self.checkMediaType(head) }
            return try await cancel(parameters["id"])
        case .settle(let call): return try await settle(parameters["id"], by: call, request)
        case .resume: return try await resume(request)
        case .index, .health, .models, .model, .options: preconditionFailure("each has a page")
        }
    }

    private func readiness(_ context: RequestContext) async -> HTTPResponse {
        await gateway.lookAtArchive()
        // A provider that asks to wait is ordinary queueing: jobs can be taken.
        let obstacles = gateway.obstacles().filter { $0.code != BlockReason.rateLimited.rawValue }
        if !obstacles.isEmpty { return render(.notReady(obstacles), context) }
        let warnings = gateway.warnings()
        return warnings.isEmpty ? pages.ready : StaticPages.ready(warnings)
    }
}

extension GatewayHandler {
    /// A job comes as JSON, and as it is: a body in another coding is not ours to unpack (RFC 9110 §8.4).
    static func checkMediaType(_ head: RequestHead) throws(Problem) {
        let value = head.fields["Content-Type"]
        // RFC 9110 §5.3: a proxy may join two lines this way, and which one counts is unknown.
        if let value, MediaType.isList(value) {
            throw Problem.badHeader("Content-Type", "Content-Type must be one media type")
        }
        guard let type = value.flatMap(MediaType.init), type.isJSON else {
            throw Problem(
                415, "unsupported_media_type", "the body must be sent as Content-Type: application/json")
        }
        guard head.fields.values("Content-Encoding").allSatisfy({ $0.lowercased() == "identity" }) else {
            throw Problem(415, "unsupported_media_type", "the body must be sent without Content-Encoding")
        }
    }
}

extension Problem {
    fileprivate static func bodyTooLarge(limit: Int) -> Problem {
        Problem(413, "body_too_large", "the body may have at most \(limit) bytes")
    }
}
