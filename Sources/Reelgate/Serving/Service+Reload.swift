import Gateway
import GatewayAPI
import HTTPServing
import Metrics
import Transport

extension Service {
    /// Returns how to make the HTTP API for settings. Links, addresses and the log of failed authentications
    /// stay the same as long as the gateway runs.
    static func makeAPI(
        of gateway: VideoGateway, _ observed: (by: APIObservers, meters: ServiceMeters), _ server: HTTPServer,
        _ settings: Settings, publicURL: String, _ unauthorized: UnauthorizedPolicy
    ) -> @Sendable (Settings) -> any HTTPHandler {
        let openAccess = OpenAccess()
        let metrics = observed.meters.page(of: gateway, server, observed.by, settings)
        return { settings in
            var api = APISettings(settings, publicURL: publicURL, addresses: server.addresses)
            api.unauthorized = unauthorized
            api.openAccess = openAccess
            api.metrics = metrics
            openAccess.isPermitted = settings.access.clients == .open
            let handler = GatewayHandler(gateway: gateway, observers: observed.by, settings: api)
            return observed.meters.naming(handler).behindAccessControl
        }
    }
}
