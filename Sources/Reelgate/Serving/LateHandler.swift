import HTTPServing
import HTTPWire
import JSONText
import Synchronization

/// Stands in while the gateway takes up its open tasks: the address is known and answers before all is ready.
final class LateHandler: HTTPHandler {
    /// A reference, as atomics need one.
    private final class Box: Sendable {
        let handler: any HTTPHandler
        init(_ handler: any HTTPHandler) { self.handler = handler }
    }

    private let box = AtomicLazyReference<Box>()

    /// From now on this one answers. Set once.
    func becomes(_ handler: any HTTPHandler) { _ = box.storeIfNil(Box(handler)) }

    func answerNow(_ head: RequestHead, context: RequestContext) -> HTTPResponse? {
        guard let box = box.load() else { return Self.starting }
        return box.handler.answerNow(head, context: context)
    }

    func bodyPolicy(_ head: RequestHead, context: RequestContext) -> BodyPolicy {
        guard let box = box.load() else { return .refuse(Self.starting) }
        return box.handler.bodyPolicy(head, context: context)
    }

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        guard let box = box.load() else { return Self.starting }
        return await box.handler.answer(request)
    }

    func refusal(_ refusal: HTTPRefusal, context: RequestContext) -> HTTPResponse {
        guard let box = box.load() else { return Self.starting }
        return box.handler.refusal(refusal, context: context)
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
