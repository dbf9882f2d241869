import Gateway
import HTTPServing
import HTTPWire
import VideoJobs

/// `GET /v1/tasks/{id}`: a task from the gateway's own state, at once or at its next change.
struct TaskEndpoint: Sendable {
    let services: APIServices

    private static let wait = "wait"
    static let parameters = [wait]

    func respond(to request: RouteRequest) async throws -> HTTPResponse {
        let head = request.head
        let query = try QueryReader(head.query, accepting: Self.parameters)
        let given = try query.integer(Self.wait, in: 0...Preferences.waitSecondsMax)
        let preferred = Preferences(head.fields.values("Prefer")).boundedWait
        guard var view = try await services.gateway.task(request.id, for: request.caller) else {
            throw Problem.taskNotFound
        }
        let seconds = given ?? preferred ?? 0
        if seconds > 0, view.record.state.isOpen, services.responses.response(for: view).isKnown(to: head) {
            let version = view.record.version
            let changed = try await services.gateway.wait(
                for: view.record.id, atMost: .seconds(seconds), for: request.caller
            ) { $0.version > version }
            view = changed ?? view
        }
        var response = services.responses.response(for: view).response(to: head)
        if given == nil, let preferred {
            response.fields.append("Preference-Applied", "wait=\(preferred)")
        }
        return response
    }
}
