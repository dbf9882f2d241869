import HTTPServing
import HTTPWire
import Metrics

/// `GET /metrics`: the metrics of the gateway, in the format that a scraper prefers.
struct MetricsEndpoint: Sendable {
    let services: APIServices

    func respond(to request: RouteRequest) async throws -> HTTPResponse {
        let format = Self.format(AcceptedTypes(request.head.fields.values("Accept")))
        var fields = HTTPFields()
        fields.append("Content-Type", format.contentType)
        fields.append("Cache-Control", "no-store")
        fields.append("Vary", "Accept")
        return HTTPResponse(
            status: 200, fields: fields, body: .bytes(await services.settings.metrics(format)))
    }

    /// Whatever a client accepts, it gets metrics; without a preference in the older format.
    static func format(_ accepted: AcceptedTypes) -> MetricsFormat {
        let openMetrics = accepted.quality(of: "application", "openmetrics-text")
        return openMetrics > accepted.quality(of: "text", "plain") ? .openMetrics : .prometheus
    }
}
