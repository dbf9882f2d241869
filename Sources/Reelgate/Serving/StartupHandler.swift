import GatewayProtocol
import HTTPServing
import HTTPWire
import JSONText
import Synchronization

/// The startup gate: holds requests while the gateway opens its store and recovers its tasks, and passes them
/// to the API when it is ready.
final class StartupHandler: HTTPHandler {
    private enum Stage {
        case starting(waiting: [CheckedContinuation<Void, Never>])
        case ready
    }

    private let bodyLimit: Int
    private let stage = Mutex(Stage.starting(waiting: []))
    private let isReady = Atomic(false)
    // nonisolated(unsafe) because it is written once, before `isReady` is set, and only read after that.
    nonisolated(unsafe) private var handler: (any HTTPHandler)?

    /// - Parameter bodyLimit: the most bytes of a body that is collected during startup.
    init(bodyLimit: Int) { self.bodyLimit = bodyLimit }

    /// Passes requests to this handler from now on, those that wait first. Called once.
    func activate(_ handler: any HTTPHandler) {
        unsafe self.handler = handler
        isReady.store(true, ordering: .releasing)
        let waiting = stage.withLock { stage in
            guard case .starting(let waiting) = stage else { return [CheckedContinuation<Void, Never>]() }
            stage = .ready
            return waiting
        }
        for request in waiting { request.resume() }
    }

    private var activeHandler: (any HTTPHandler)? {
        isReady.load(ordering: .acquiring) ? unsafe handler : nil
    }

    func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        if let activeHandler { return activeHandler.handle(head, context) }
        // Health checks get a response at once: the process is live, and not ready yet.
        switch head.path {
        case GatewayPath.health where !head.hasBody: return .respond(Self.live, route: head.path)
        case GatewayPath.readiness where !head.hasBody: return .respond(Self.starting, route: head.path)
        default: return .collect(limit: bodyLimit) { await self.respondWhenReady(to: $0) }
        }
    }

    func reject(_ error: HTTPError, _ context: RequestContext) -> HTTPResponse {
        guard let activeHandler else {
            // An error of the request does not depend on the state of the gateway.
            return Self.problem(error.status, HTTPStatus.reason(error.status), error)
        }
        return activeHandler.reject(error, context)
    }

    private func respondWhenReady(to request: HTTPRequest) async -> HTTPResponse {
        if activeHandler == nil { await readiness() }
        guard let activeHandler else { return Self.starting }
        return await activeHandler.respond(to: request)
    }

    private func readiness() async {
        await withCheckedContinuation { request in
            let isReady = stage.withLock { stage in
                guard case .starting(let waiting) = stage else { return true }
                stage = .starting(waiting: waiting + [request])
                return false
            }
            if isReady { request.resume() }
        }
    }

    private static let live: HTTPResponse = {
        var fields = HTTPFields()
        fields.append("Content-Type", "application/json")
        return HTTPResponse(status: 200, fields: fields, body: .bytes(Array(#"{"status":"ok"}"#.utf8)))
    }()

    private static let starting = problem(
        503, "Service Unavailable",
        HTTPError(status: 503, code: ProblemCode.starting.rawValue, message: "the gateway is starting"))

    private static func problem(_ status: Int, _ title: String, _ error: HTTPError) -> HTTPResponse {
        let problem: JSONValue = [
            "type": "about:blank", "title": .string(title), "status": .integer(Int64(status)),
            "detail": .string(error.message),
            "error": [
                "message": .string(error.message),
                "type": status >= 500 ? "server_error" : "invalid_request_error",
                "code": .string(error.code), "param": nil,
            ],
        ]
        var fields = HTTPFields()
        fields.append("Content-Type", "application/problem+json")
        if status == 503 { fields.append("Retry-After", "1") }
        return HTTPResponse(status: status, fields: fields, body: .bytes(problem.serialized()))
    }
}
