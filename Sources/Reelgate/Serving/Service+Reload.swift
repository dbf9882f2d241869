import Gateway
import GatewayAPI
import HTTPServing
import Metrics
import Transport

extension Service {
    /// What the HTTP API is made of, whatever the settings.
    struct APIParts: Sendable {
        let gateway: VideoGateway
        let observers: APIObservers
        let meters: ServiceMeters
        let server: HTTPServer
        let publicURL: String
        let unauthorized: UnauthorizedPolicy
    }

    /// Returns how to make the HTTP API for settings. Links, addresses and the log of failed authentications
    /// stay the same as long as the gateway runs.
    static func makeAPI(
        of parts: APIParts, _ settings: Settings
    ) -> @Sendable (Settings) -> any HTTPHandler {
        let openAccess = OpenAccess()
        let metrics = parts.meters.page(of: parts.gateway, parts.server, parts.observers, settings)
        return { settings in
            var api = APISettings(settings, publicURL: parts.publicURL, addresses: parts.server.addresses)
            api.unauthorized = parts.unauthorized
            api.openAccess = openAccess
            api.metrics = metrics
            openAccess.isPermitted = settings.access.clients == .open
            let handler = GatewayHandler(gateway: parts.gateway, observers: parts.observers, settings: api)
            return parts.meters.naming(handler).behindAccessControl
        }
    }
}
