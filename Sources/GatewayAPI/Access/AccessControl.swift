import Gateway
import HTTPServing
import HTTPWire

/// The middleware that rejects what the access rules forbid, and finds out who makes a request.
///
/// Every request is judged, also one whose head the client repeats.
struct AccessControl: HTTPHandler {
    private let rules: AccessRules
    private let authentication: Authentication?
    private let publicPaths: [String]
    private let unauthorized: UnauthorizedPolicy
    private let next: any HTTPHandler

    /// - Parameter authentication: `nil` while access is open.
    init(
        _ rules: AccessRules, _ authentication: Authentication?, publicPaths: [String],
        _ unauthorized: UnauthorizedPolicy, before next: any HTTPHandler
    ) {
        self.rules = rules
        self.authentication = authentication
        self.publicPaths = publicPaths
        self.unauthorized = unauthorized
        self.next = next
    }

    func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        do throws(Problem) {
            try rules.check(head, context)
        } catch {
            return .respond(Self.response(to: error, context))
        }
        // The socket's file and the kernel have authenticated the user.
        if case .operatorSocket = context.principal { return next.handle(head, context) }
        guard let authentication else { return next.handle(head, context) }
        switch authentication.outcome(head) {
        case .client(let caller):
            var context = context
            context.principal = .client(caller.client, isOperator: caller.isOperator)
            var disposition = next.handle(head, context)
            disposition.principal = context.principal
            return disposition
        case .rejected(let reason):
            if publicPaths.contains(head.path) { return next.handle(head, context) }
            return reject(reason, context)
        }
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
