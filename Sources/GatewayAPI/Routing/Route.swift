import Gateway
import GatewayProtocol
import HTTPServing
import HTTPWire

/// One endpoint of the API: everything that the router, the index page, the access rules and the
/// documentation need to know about it.
struct Route: Sendable {
    let method: String
    /// A template: `{id}` stands for one segment.
    let path: String
    /// The name of the route's link on the index page; `nil` for a route without one.
    let link: String?
    /// The effect of a call and its response, in Markdown, for the documentation.
    let summary: String
    var access = RouteAccess.client
    /// Whether only the dashboard makes the call, which then is in no table of calls.
    var isOfDashboard = false
    /// What the audit calls the action of the route; `nil` for a route that only reads.
    var action: AuditAction?
    /// The query parameters that the endpoint accepts.
    var parameters: [QueryParameter] = []
    /// Whether other parameters are ignored, as a page or a health check needs it.
    var ignoresQuery = false
    var body = RouteBody.none
    var responses = RouteResponses()
    /// Whether a client can ask the endpoint to wait.
    var canWait = false
    /// The number of the path (`RouteList.paths`).
    var number = 0
    /// The route in the description of the API; `nil` for a page that is none of its calls.
    var operation: APIOperation?
    let handler: RouteHandler
}

extension Route {
    /// Decides what to do about a request to this endpoint.
    func disposition(for request: RouteRequest, _ services: APIServices) throws(Problem) -> Disposition {
        if access == .operator, !request.caller.isOperator {
            throw Problem(.forbidden, "only an operator may do this")
        }
        // Endpoints with parameters read the query themselves.
        if parameters.isEmpty, !ignoresQuery, !isOfDashboard, let query = request.head.query {
            _ = try QueryReader(query, accepting: [])
        }
        if !request.head.hasBody, let response = try responseAtOnce(to: request) { return .respond(response) }
        if body == .json { try JSONBody.checkMediaType(request.head) }
        let limit = services.settings.bodyLimit
        if let length = request.head.contentLength, length > limit {
            throw Problem(.bodyTooLarge, "the body may have at most \(limit) bytes")
        }
        var disposition = Disposition.collect(limit: limit) { received in
            var complete = request
            complete.body = received.body
            return await respond(to: complete, services)
        }
        // A client that has sent a job gets its answer in any case: it would buy another one without it.
        disposition.endsWithClient = canWait && method == "GET" && asksToWait(request.head)
        return disposition
    }

    /// Returns the response to a request without a body if there is one without waiting.
    private func responseAtOnce(to request: RouteRequest) throws(Problem) -> HTTPResponse? {
        switch handler {
        case .immediate(let respond): try respond(request)
        case .eager(let respond, _): try respond(request)
        case .asynchronous: nil
        }
    }

    private func asksToWait(_ head: RequestHead) -> Bool {
        head.query?.contains("wait=") == true || head.fields.contains("Prefer")
    }

    private func respond(to request: RouteRequest, _ services: APIServices) async -> HTTPResponse {
        do {
            switch handler {
            case .immediate(let respond): return try respond(request)
            case .asynchronous(let respond), .eager(_, let respond): return try await respond(request)
            }
        } catch {
            let problem = Problem(error)
            recordRefusal(problem, of: request, services)
            return services.render(problem, request.context)
        }
    }
}
