package import Gateway
import GatewayProtocol
package import HTTPServing
package import HTTPWire
import VideoJobs

/// The gateway's HTTP API: finds the route of a request and lets it respond.
package struct GatewayHandler: HTTPHandler {
    private let services: APIServices
    private let router: Router<Route>
    let list: RouteList
    private let taskRouteNumber: Int

    /// - Parameter observers: Observe the gateway.
    package init(gateway: VideoGateway, observers: APIObservers, settings: APISettings) {
        let services = APIServices(
            gateway: gateway, responses: observers.responses, events: observers.events, settings: settings)
        self.init(services, RouteList(services))
    }

    /// The API with other routes.
    init(_ services: APIServices, _ list: RouteList) {
        self.services = services
        self.list = list
        router = list.router
        taskRouteNumber = list.number(ofPath: GatewayPath.task)
    }

    /// The paths of the routes, in the order of their numbers.
    package var routePaths: [String] { list.paths }

    /// The API behind its access rules, as it is served.
    package var behindAccessControl: any HTTPHandler {
        AccessControl(services, list, before: self)
    }

    package func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        if let response = cachedTask(head, context) {
            return Disposition(response, route: GatewayPath.task, number: taskRouteNumber)
        }
        do {
            return try disposition(head, context)
        } catch {
            return .respond(services.render(error, context))
        }
    }

    package func reject(_ error: HTTPError, _ context: RequestContext) -> HTTPResponse {
        services.render(Problem(error), context)
    }
}

extension GatewayHandler {
    /// Returns the cached response to a read of a task's current state: one look-up, nothing is built.
    private func cachedTask(_ head: RequestHead, _ context: RequestContext) -> PreparedResponse? {
        guard head.query == nil, head.method == "GET" || head.method == "HEAD", !head.hasBody,
            !head.fields.contains("Prefer")
        else { return nil }
        // An id with a slash or an escape is in no cache, so no such path is mistaken for one.
        guard let task = services.responses.cached(path: head.path),
            context.principal.maySee(tasksOf: task.client, services.settings.access)
        else { return nil }
        return task.prepared(for: head)
    }

    private func caller(_ context: RequestContext) -> Caller {
        Caller(context.principal, services.settings.access)
    }

    private func disposition(
        _ head: RequestHead, _ context: RequestContext
    ) throws(Problem) -> Disposition {
        switch router.find(head) {
        case .found(let route, let parameters):
            var caller = caller(context)
            caller.requestID = context.requestID
            let request = RouteRequest(
                head: head, parameters: parameters, context: context, caller: caller)
            return disposition(of: route, for: request)
        case .options(let allow):
            // The methods and nothing else: no other origin is ever allowed.
            var fields = HTTPFields()
            fields.append("Allow", allow)
            return .respond(HTTPResponse(status: 204, fields: fields))
        case .wrongMethod(let allow):
            var problem = Problem(
                .methodNotAllowed, "this endpoint does not support \(head.method), only \(allow)")
            problem.fields.append("Allow", allow)  // RFC 9110 §15.5.6: required in a 405.
            throw problem
        case .badEncoding: throw Problem(.badRequest, "the path is not percent-encoded UTF-8")
        case .notFound: throw Problem(.notFound, "there is no such endpoint; GET / lists the endpoints")
        }
    }

    /// Returns the decision of a route, or its problem, with the route's path for the log.
    private func disposition(of route: Route, for request: RouteRequest) -> Disposition {
        var disposition: Disposition
        do throws(Problem) {
            disposition = try route.disposition(for: request, services)
        } catch {
            route.recordRefusal(error, of: request, services)
            disposition = .respond(services.render(error, request.context))
        }
        disposition.route = route.path
        disposition.routeNumber = route.number
        return disposition
    }
}
