import HTTPServing
import HTTPWire

/// The middleware that finds out who makes a request, and rejects what the access rules forbid.
///
/// Every request is checked, also one whose head the client repeats.
struct AccessControl: HTTPHandler {
    private let rules: AccessRules
    private let next: any HTTPHandler

    init(_ rules: AccessRules, before next: any HTTPHandler) {
        self.rules = rules
        self.next = next
    }

    func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        var context = context
        context.principal = Principal(context)
        var disposition = allowedDisposition(head, context)
        disposition.principal = context.principal
        return disposition
    }

    private func allowedDisposition(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        do throws(Problem) {
            try rules.check(head, context)
        } catch {
            // Such a problem names no task, so it needs no link.
            return .respond(error.response(requestID: context.requestID, publicURL: ""))
        }
        return next.handle(head, context)
    }

    func reject(_ error: HTTPError, _ context: RequestContext) -> HTTPResponse {
        next.reject(error, context)
    }
}

extension Principal {
    /// Derives the identity from the connection, as long as access is open.
    fileprivate init(_ context: RequestContext) {
        if let name = context.certifiedName {
            self = .certificate(name)
        } else {
            self = context.isLocal ? .local : .anonymous
        }
    }
}
