import HTTPServing
import HTTPWire
import JSONText
import Synchronization

/// Stands in while the gateway opens its store and takes up its tasks: who calls waits, and is answered when
/// all is ready.
final class StartupHandler: HTTPHandler {
    private enum Stage {
        case starting(waiting: [CheckedContinuation<Void, Never>])
        case ready
    }

    private let bodyLimit: Int
    private let stage = Mutex(Stage.starting(waiting: []))
    private let isReady = Atomic(false)
    // nonisolated(unsafe) because it is written once, before `isReady` says so, and only read after that.
    nonisolated(unsafe) private var handler: (any HTTPHandler)?

    /// - Parameter bodyLimit: bytes of a body that is collected meanwhile.
    init(bodyLimit: Int) { self.bodyLimit = bodyLimit }

    /// From now on this one answers, those who wait first. Called once.
    func becomes(_ handler: any HTTPHandler) {
        unsafe self.handler = handler
        isReady.store(true, ordering: .releasing)
        let waiting = stage.withLock { stage in
            guard case .starting(let waiting) = stage else { return [CheckedContinuation<Void, Never>]() }
            stage = .ready
            return waiting
        }
        for caller in waiting { caller.resume() }
    }

    private var present: (any HTTPHandler)? { isReady.load(ordering: .acquiring) ? unsafe handler : nil }

    func answerNow(_ head: RequestHead, context: RequestContext) -> HTTPResponse? {
        if let present { return present.answerNow(head, context: context) }
        // Health checks are answered at once: the process is live, and not ready yet.
        return switch head.path {
        case "/healthz": Self.live
        case "/readyz": Self.starting
        default: nil
        }
    }

    func standingQuestion(_ head: RequestHead, context: RequestContext) -> (any StandingQuestion)? {
        present?.standingQuestion(head, context: context)
    }

    func bodyPolicy(_ head: RequestHead, context: RequestContext) -> BodyPolicy {
        guard let present else { return .collect(limit: bodyLimit) }
        return present.bodyPolicy(head, context: context)
    }

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        if present == nil { await readiness() }
        guard let present else { return Self.starting }
        return await present.answer(request)
    }

    func refusal(_ refusal: HTTPError, context: RequestContext) -> HTTPResponse {
        guard let present else {
            // What is wrong with the request does not depend on us.
            return Self.problem(refusal.status, HTTPStatus.reason(refusal.status), refusal)
        }
        return present.refusal(refusal, context: context)
    }

    private func readiness() async {
        await withCheckedContinuation { caller in
            let isReady = stage.withLock { stage in
                guard case .starting(let waiting) = stage else { return true }
                stage = .starting(waiting: waiting + [caller])
                return false
            }
            if isReady { caller.resume() }
        }
    }

    private static let live: HTTPResponse = {
        var fields = HTTPFields()
        fields.append("Content-Type", "application/json")
        return HTTPResponse(status: 200, fields: fields, body: .bytes(Array(#"{"status":"ok"}"#.utf8)))
    }()

    private static let starting = problem(
        503, "Service Unavailable",
        HTTPError(status: 503, code: "starting", message: "the gateway is starting"))

    private static func problem(_ status: Int, _ title: String, _ refusal: HTTPError) -> HTTPResponse {
        let problem: JSONValue = [
            "type": "about:blank", "title": .string(title), "status": .integer(Int64(status)),
            "detail": .string(refusal.message),
            "error": [
                "message": .string(refusal.message),
                "type": status >= 500 ? "server_error" : "invalid_request_error",
                "code": .string(refusal.code), "param": nil,
            ],
        ]
        var fields = HTTPFields()
        fields.append("Content-Type", "application/problem+json")
        if status == 503 { fields.append("Retry-After", "1") }
        return HTTPResponse(status: status, fields: fields, body: .bytes(problem.serialized()))
    }
}
