import Gateway
import GatewayAPI
import HTTPServing
import VideoJobs

/// The replacement of what the HTTP API works by: the catalog, access, and limits.
struct APIReplacement: Sendable {
    let server: HTTPServer
    let handler: ReplaceableHandler
    let gateway: VideoGateway
    /// Makes the API for a configuration; it takes the catalog from the gateway.
    private let make: @Sendable (Settings) -> any HTTPHandler

    init(of parts: Service.APIParts, _ settings: Settings) {
        server = parts.server
        gateway = parts.gateway
        make = Service.makeAPI(of: parts, settings)
        handler = ReplaceableHandler(make(settings))
    }

    /// The settings that the API is made with.
    private static let settings: Set<String> = [
        "allowed_hosts", "submit_wait", "access.clients", "access.cors", "limits.body",
    ]
    private static let limits: Set<String> = [
        "limits.body", "limits.header", "limits.connections", "limits.streams", "limits.header_timeout",
        "limits.body_timeout", "limits.idle_timeout",
    ]

    /// Takes over a catalog and settings. New requests are handled by them; requests in progress by the
    /// earlier ones. Returns whether what was decided about callers must be decided again.
    func apply(
        _ catalog: ModelCatalog, _ settings: Settings, replacing old: Settings, _ log: StructuredLog
    ) -> Bool {
        let changed = settings.differences(from: old)
        let isNewCatalog = catalog != gateway.models.catalog.marking(missing: [])
        if isNewCatalog { gateway.replaceCatalog(with: catalog) }
        if changed.contains(where: { Self.limits.contains($0) }) {
            server.replaceLimits(with: ServiceFront.makeLimits(settings.limits, log))
            gateway.streamLimiter.replaceLimit(with: settings.limits.streams)
        }
        // Operators see the settings in force there.
        if isNewCatalog || !changed.isEmpty { handler.replace(with: make(settings)) }
        // Logged when all is in force.
        if isNewCatalog {
            log.notice(
                .reloadCatalog, "the catalog is replaced", metadata: ["models": .number(catalog.models.count)]
            )
        }
        let replaced = changed.filter { Self.settings.contains($0) || Self.limits.contains($0) }
        if !replaced.isEmpty {
            log.notice(
                .reloadSettings, "settings are replaced",
                metadata: ["settings": "\(replaced.joined(separator: ", "))"])
        }
        return changed.contains(where: { Self.settings.contains($0) })
    }
}
