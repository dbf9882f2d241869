import HTTPServing
import HTTPWire
import JSONText
import Synchronization

/// Stands in while the gateway takes up its open tasks: the address is known and answers before all is ready.
final class LateHandler: HTTPHandler {
    private let isReady = Atomic(false)
    // nonisolated(unsafe) because it is written once, before `isReady` says so, and only read after that.
    nonisolated(unsafe) private var handler: (any HTTPHandler)?

    /// From now on this one answers. Called once.
    func becomes(_ handler: any HTTPHandler) {
        unsafe self.handler = handler
        isReady.store(true, ordering: .releasing)
    }

    private var present: (any HTTPHandler)? { isReady.load(ordering: .acquiring) ? unsafe handler : nil }

    func answerNow(_ head: RequestHead, context: RequestContext) -> HTTPResponse? {
        guard let present else { return Self.starting }
        return present.answerNow(head, context: context)
    }

    func bodyPolicy(_ head: RequestHead, context: RequestContext) -> BodyPolicy {
        guard let present else { return .refuse(Self.starting) }
        return present.bodyPolicy(head, context: context)
    }

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        guard let present else { return Self.starting }
        return await present.answer(request)
    }

    func refusal(_ refusal: HTTPRefusal, context: RequestContext) -> HTTPResponse {
        guard let present else { return Self.starting }
        return present.refusal(refusal, context: context)
    }

    private static let starting: HTTPResponse = {
        let message = "the gateway is starting"
        let problem: JSONValue = [
            "type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": .string(message),
            "error": ["message": .string(message), "type": "server_error", "code": "starting", "param": nil],
        ]
        var fields = HTTPFields()
        fields.append("Content-Type", "application/problem+json")
        fields.append("Retry-After", "1")
        return HTTPResponse(status: 503, fields: fields, body: .bytes(problem.serialized()))
    }()
}
