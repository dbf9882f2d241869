import Gateway
import GatewayProtocol
import HTTPServing
import HTTPWire
import JSONText
import VideoJobs

/// `GET /v1/tasks/{id}/record`: one document with everything that is known of a task.
struct RecordEndpoint: Sendable {
    let services: APIServices

    func respond(to request: RouteRequest) async throws -> HTTPResponse {
        guard let details = try await services.gateway.details(of: request.id, for: request.caller) else {
            throw Problem.taskNotFound
        }
        let settings = services.settings
        return .json(
            details.recordJSON(version: settings.version, links: Links(publicURL: settings.publicURL)))
    }
}
