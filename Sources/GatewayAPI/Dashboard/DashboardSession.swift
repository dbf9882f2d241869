import Gateway
import GatewayProtocol
import HTTPServing
import JSONText

/// `GET /dashboard/session`: who uses the dashboard, so that it knows whether to ask for a token.
///
/// Public and always 200: a browser writes each 401 into its console.
struct DashboardSession: Sendable {
    let settings: APISettings

    func respond(to request: RouteRequest) -> HTTPResponse {
        let caller = request.caller
        let page: JSONValue = [
            "object": "dashboard_session",
            "access": settings.access == .tokens ? "tokens" : "open",
            "client": caller.client.isEmpty ? .null : .string(caller.client),
            "operator": .bool(caller.isOperator),
            "version": .string(settings.version),
        ]
        return .json(page.serialized())
    }
}
