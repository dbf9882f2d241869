import HTTPServing
import HTTPWire

/// The middleware that rejects what the access rules forbid.
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
