import Gateway
import HTTPServing
import HTTPWire
import VideoJobs

/// `GET /v1/tasks/{id}`: a task from the gateway's own state, at once or at its next change.
struct TaskEndpoint: Sendable {
    let services: APIServices

    private static let wait = "wait"
    private static let seconds = 0...Preferences.waitSecondsMax
    static let parameters = [
        QueryParameter(
            wait, .integers(seconds), "seconds to wait for a change of the task; before Prefer: wait=N")
    ]

    func respond(to request: RouteRequest) async throws -> HTTPResponse {
        let head = request.head
        let query = try QueryReader(head.query, accepting: Self.parameters)
        let given = try query.integer(Self.wait, in: Self.seconds)
        let preferred = Preferences(head.fields.values("Prefer")).boundedWait
        guard var view = try await services.gateway.task(request.id, for: request.caller) else {
            throw Problem.taskNotFound
        }
        let seconds = given ?? preferred ?? 0
        if seconds > 0, !view.record.state.isFinal, services.responses.response(for: view).isKnown(to: head) {
            view = try await nextView(after: view, for: request, within: seconds)
        }
        var response = services.responses.response(for: view).response(to: head)
        if given == nil, let preferred {
            response.fields.append("Preference-Applied", "wait=\(preferred)")
        }
        return response
    }

    /// Returns the task after its next change, or as it is when the time is over.
    private func nextView(
        after view: TaskView, for request: RouteRequest, within seconds: Int
    ) async throws -> TaskView {
        let gateway = services.gateway
        guard let permit = gateway.streamLimiter.permit() else { throw Problem.tooManyStreams }
        defer { withExtendedLifetime(permit) {} }
        let version = view.record.version
        let credential = CallerCredential(request, services.settings)
        let next = try await gateway.wait(
            for: view.record.id, atMost: .seconds(seconds),
            for: WaitingCaller(request.caller) { credential.caller(in: gateway) }
        ) { $0.version > version }
        guard let next else { throw Problem.taskNotFound }
        return next
    }
}
