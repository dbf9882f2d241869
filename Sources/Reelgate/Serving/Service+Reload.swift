import Gateway
import GatewayAPI
import HTTPServing
import Transport

extension Service {
    /// Returns how to make the HTTP API for settings. Links, addresses and the log of failed authentications
    /// stay the same as long as the gateway runs.
    static func makeAPI(
        of gateway: VideoGateway, _ observers: APIObservers, publicURL: String, at addresses: [SocketAddress],
        _ unauthorized: UnauthorizedPolicy
    ) -> @Sendable (Settings) -> any HTTPHandler {
        let openAccess = OpenAccess()
        return { settings in
            var api = APISettings(settings, publicURL: publicURL, addresses: addresses)
            api.unauthorized = unauthorized
            api.openAccess = openAccess
            openAccess.isPermitted = settings.access.clients == .open
            return GatewayHandler(gateway: gateway, observers: observers, settings: api).behindAccessControl
        }
    }
}
