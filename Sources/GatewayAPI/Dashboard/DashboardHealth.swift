import Gateway
import GatewayProtocol
import HTTPServing
import HTTPWire
import JSONText
import VideoJobs

/// `GET /dashboard/health`: what the dashboard shows to operators of the gateway itself.
///
/// It contains the answer of `/readyz?verbose`, whatever its status: a browser writes each 503 into its
/// console.
struct DashboardHealth: Sendable {
    let services: APIServices

    /// Videos that expire next.
    private static let expiring = 3

    func respond(to request: RouteRequest) async throws -> HTTPResponse {
        let archive = try await services.gateway.archiveOverview(limit: Self.expiring)
        let next = archive.nextToExpire.map { record -> JSONValue in
            [
                "id": .string(record.id.text),
                "expires": record.contentExpires.map { .integer($0.seconds) } ?? .null,
            ]
        }
        let settings = services.settings.shown().map { setting -> JSONValue in
            ["key": .string(setting.key), "value": .string(setting.value)]
        }
        let page: JSONValue = [
            "object": "dashboard_health",
            "version": .string(services.settings.version),
            "readiness": await readiness(request),
            "archive": [
                "bytes": .integer(archive.bytes),
                "free_bytes": archive.freeBytes.map { .integer($0) } ?? .null,
                "max_bytes": archive.maxBytes.map { .integer($0) } ?? .null,
                "next": .array(next),
            ],
            "settings": .array(settings),
        ]
        return .json(page.serialized())
    }

    /// Returns the document of `/readyz?verbose`.
    private func readiness(_ request: RouteRequest) async -> JSONValue {
        var head = RequestHead(method: "GET", path: GatewayPath.readiness, authority: request.head.authority)
        head.query = "verbose"
        let check = RouteRequest(
            head: head, parameters: request.parameters, context: request.context, caller: request.caller)
        let response: HTTPResponse
        do { response = try await ReadinessEndpoint(services: services).respond(to: check) } catch {
            response = services.render(Problem(error), request.context)
        }
        guard case .bytes(let bytes) = response.body else { return .null }
        return (try? JSONValue(parsing: bytes)) ?? .null
    }
}
