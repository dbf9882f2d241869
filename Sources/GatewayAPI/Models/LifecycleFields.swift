import GatewayProtocol
import HTTPWire
import VideoJobs

extension HTTPFields {
    /// Appends what clients of a model should know about its end: `Deprecation` (RFC 9745), `Sunset` (RFC
    /// 8594), and a link to its successor (RFC 5829).
    ///
    /// - Parameter now: The date of a deprecation that the catalog does not date.
    mutating func append(lifecycleOf model: String, _ services: APIServices, at now: Timestamp) {
        guard let lifecycle = services.catalog.model(model)?.lifecycle else { return }
        if lifecycle.status == .deprecated {
            append("Deprecation", "@\((lifecycle.since?.start ?? now).seconds)")
        }
        if lifecycle.status != .retired, let until = lifecycle.until {
            append("Sunset", IMFDate.text(until.start.seconds))
        }
        if let successor = lifecycle.successor {
            append("Link", "<\(services.settings.links.model(successor))>; rel=\"successor-version\"")
        }
    }
}
