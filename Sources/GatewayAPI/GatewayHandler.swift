package import Gateway
package import HTTPServing
package import HTTPWire
package import VideoJobs

/// What the gateway says over HTTP.
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
    private let access: AccessRules
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
        access = AccessRules(settings)
        pages = StaticPages(catalog, settings)
        router = Self.makeRouter()
    }

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

    package func answerNow(_ head: RequestHead, context: RequestContext) -> HTTPResponse? {
        if let known = knownTask(head, context) { return known }
        guard case .found(let route, let parameters) = router.find(head), isAllowed(head, context) else {
            return nil
        }
        switch route {
        case .index: return show(head, context) { pages.index }
        case .health: return pages.health
        case .models: return show(head, context) { pages.models }
        case .model:
            return show(head, context) { () throws(Problem) in try pages.model(parameters["id"]) }
        // How the archive stands is looked at when somebody asks.
        case .readiness: return nil
        case .submit, .tasks, .task, .content, .cancel, .settle, .resume, .options: return nil
        }
    }

    package func standingQuestion(_ head: RequestHead, context: RequestContext) -> (any StandingQuestion)? {
        // Whom the access rules let in stays let in: nothing that they look at changes on a connection.
        guard let id = Self.plainlyAskedTask(head), isAllowed(head, context) else { return nil }
        return StatusQuestion(of: id, head, responses)
    }

    package func bodyPolicy(_ head: RequestHead, context: RequestContext) -> BodyPolicy {
        do {
            let (route, _) = try find(head, context)
            if route == .submit { try Self.checkMediaType(head) }
            if let length = head.contentLength, length > settings.bodyLimit {
                throw Problem.bodyTooLarge(limit: settings.bodyLimit)
            }
            return .collect(limit: settings.bodyLimit)
        } catch {
            return .refuse(render(Problem(error), context))
        }
    }

    package func answer(_ request: HTTPRequest) async -> HTTPResponse {
        do {
            return try await serve(request)
        } catch {
            return render(Problem(error), request.context)
        }
    }

    package func refusal(_ refusal: HTTPError, context: RequestContext) -> HTTPResponse {
        render(Problem(refusal), context)
    }

    func render(_ problem: Problem, _ context: RequestContext) -> HTTPResponse {
        problem.response(requestID: context.requestID, publicURL: settings.publicURL)
    }
}

extension GatewayHandler {
    /// The cached answer to the plain question for a task: one look-up, nothing built.
    private func knownTask(_ head: RequestHead, _ context: RequestContext) -> HTTPResponse? {
        guard let id = Self.plainlyAskedTask(head), let known = responses.cached(id),
            isAllowed(head, context)
        else { return nil }
        return known.response(to: head)
    }

    /// The id in a question for a task as it is now.
    private static func plainlyAskedTask(_ head: RequestHead) -> String? {
        let prefix = "/v1/tasks/"
        guard head.query == nil, head.method == "GET" || head.method == "HEAD",
            head.path.hasPrefix(prefix), !head.fields.contains("Prefer")
        else { return nil }
        // An id with a slash or an escape is in no cache, so no such path is mistaken for one.
        return String(head.path.utf8.dropFirst(prefix.utf8.count))
    }

    private func isAllowed(_ head: RequestHead, _ context: RequestContext) -> Bool {
        do {
            try access.check(head, context)
            return true
        } catch {
            return false
        }
    }

    private func find(
        _ head: RequestHead, _ context: RequestContext
    ) throws(Problem) -> (Route, PathParameters) {
        try access.check(head, context)
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

    private func serve(_ request: HTTPRequest) async throws -> HTTPResponse {
        let head = request.head
        let (route, parameters) = try find(head, request.context)
        switch route {
        case .index: return try pages.index.response(to: head)
        case .health: return pages.health
        case .readiness: return await readiness(request.context)
        case .models: return try pages.models.response(to: head)
        case .model: return try pages.model(parameters["id"]).response(to: head)
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
        case .options(let allow):
            // The methods and nothing else: no other origin is ever let in (contract, section 7).
            var fields = HTTPFields()
            fields.append("Allow", allow)
            return HTTPResponse(status: 204, fields: fields)
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

    private func show(
        _ head: RequestHead, _ context: RequestContext, _ page: () throws(Problem) -> StaticPage
    ) -> HTTPResponse {
        do {
            return try page().response(to: head)
        } catch {
            return render(error, context)
        }
    }
}

/// The question of who polls a task's status.
private final class StatusQuestion: StandingQuestion {
    private let id: String
    private let head: RequestHead
    private let isConditional: Bool
    private let responses: TaskResponses

    init(of id: String, _ head: RequestHead, _ responses: TaskResponses) {
        self.id = id
        self.head = head
        self.responses = responses
        isConditional = head.fields.contains("If-None-Match")
    }

    func answer() -> HTTPResponse? {
        guard let known = responses.cached(id) else { return nil }
        return isConditional ? known.response(to: head) : known.found
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
