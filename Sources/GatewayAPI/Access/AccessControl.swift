import Gateway
import HTTPServing
import HTTPWire

/// The middleware that rejects what the access rules forbid, and finds out who makes a request.
///
/// Every request is judged, also one whose head the client repeats.
struct AccessControl: HTTPHandler {
    private let rules: AccessRules
    private let authentication: Authentication?
    private let publicPaths: PublicPaths
    private let unauthorized: UnauthorizedPolicy
    private let sharing: CrossOriginSharing?
    private let refusals: RefusalRecorder
    private let next: any HTTPHandler

    init(_ services: APIServices, _ list: RouteList, before next: any HTTPHandler) {
        let settings = services.settings
        let rules = AccessRules(settings, healthCheckPaths: list.healthCheckPaths)
        self.rules = rules
        authentication =
            switch settings.access {
            case .open: nil
            case .tokens: Authentication(services, rules)
            }
        publicPaths = list.publicPaths
        unauthorized = settings.unauthorized
        sharing = rules.sharing
        refusals = RefusalRecorder(services, list)
        self.next = next
    }

    func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        guard let sharing else { return decide(head, context) }
        return sharing.applied(to: decide(head, context), head)
    }

    private func decide(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        do throws(Problem) {
            try rules.check(head, context)
        } catch {
            return .respond(Self.response(to: error, context))
        }
        // The socket's file and the kernel have authenticated the user.
        if case .operatorSocket = context.principal { return next.handle(head, context) }
        guard let authentication, sharing?.isPreflight(head) != true else {
            return next.handle(head, context)
        }
        switch authentication.outcome(head, context) {
        case .client(let caller):
            var context = context
            context.principal = .client(caller.client, isOperator: caller.isOperator)
            if caller.requestsPerMinute != nil, !publicPaths.contains(head.path),
                let quota = authentication.consumeRequest(of: caller)
            {
                return handle(head, context, within: quota, of: caller)
            }
            var disposition = next.handle(head, context)
            disposition.principal = context.principal
            return disposition
        case .rejected(let reason):
            if publicPaths.contains(head.path) { return next.handle(head, context) }
            return reject(reason, context)
        case .crossSite: return .respond(Self.response(to: .crossSiteSession, context))
        }
    }

    /// Handles a request of a client with a limit of requests, and adds what it has left to the response.
    private func handle(
        _ head: RequestHead, _ context: RequestContext, within quota: RequestQuota, of caller: Caller
    ) -> Disposition {
        var disposition: Disposition
        if quota.isExceeded {
            let problem = Problem.rateLimited(caller.client, quota)
            refusals.record(problem, head, context, of: caller)
            disposition = .respond(Self.response(to: problem, context))
        } else {
            disposition = next.handle(head, context)
        }
        disposition.principal = context.principal
        return disposition.changingResponse { $0.fields.append(quota) }
    }

    private func reject(_ reason: String, _ context: RequestContext) -> Disposition {
        let policy = unauthorized
        policy.report(context.peer, reason)
        return .run {
            await policy.sleep(policy.delay)
            return Self.response(to: .unauthorized(reason), context)
        }
    }

    /// Such a problem names no task, so it needs no link.
    private static func response(to problem: Problem, _ context: RequestContext) -> HTTPResponse {
        problem.response(requestID: context.requestID, publicURL: "")
    }

    func reject(_ error: HTTPError, _ context: RequestContext) -> HTTPResponse {
        next.reject(error, context)
    }
}
