/// The paths that more than one module uses, as templates: `{id}` stands for one segment.
package enum GatewayPath {
    package static let generations = "/v1/videos/generations"
    package static let quote = "/v1/videos/quote"
    package static let tasks = "/v1/tasks"
    package static let task = "/v1/tasks/{id}"
    package static let taskEvents = "/v1/tasks/{id}/events"
    package static let events = "/v1/events"
    package static let content = "/v1/tasks/{id}/content"
    package static let record = "/v1/tasks/{id}/record"
    package static let review = "/v1/tasks/{id}/review"
    package static let deliveries = "/v1/tasks/{id}/deliveries"
    package static let redelivery = "/v1/tasks/{id}/redeliver"
    package static let cancel = "/v1/tasks/{id}/cancel"
    package static let model = "/v1/models/{id}"
    package static let clients = "/v1/clients"
    package static let client = "/v1/clients/{name}"
    package static let clientRotation = "/v1/clients/{name}/rotate"
    package static let session = "/v1/session"
    package static let audit = "/v1/audit"
    package static let backups = "/v1/backups"
    package static let usage = "/v1/usage"
    package static let health = "/healthz"
    package static let readiness = "/readyz"
    package static let description = "/openapi.json"
    package static let dashboardFile = "/dashboard/files/{version}/{name}"
    package static let dashboardSession = "/dashboard/session"
    package static let dashboardHealth = "/dashboard/health"
    package static let metrics = "/metrics"
    package static let resume = "/v1/submission/resume"

    /// Returns the path of one task's resource. `id` must need no percent-encoding.
    package static func path(_ template: String, id: String) -> String {
        path(template, segment: id)
    }

    /// Returns the path of one client's resource. `name` must need no percent-encoding.
    package static func path(_ template: String, client name: String) -> String {
        path(template, segment: name)
    }

    /// Puts a segment in the place of the only one in braces.
    private static func path(_ template: String, segment: String) -> String {
        let parts = template.split(separator: "{", maxSplits: 1)
        return String(parts[0]) + segment + String(parts[1].drop { $0 != "}" }.dropFirst())
    }
}
