import JSONText
import TestSupport
import Testing

/// A collector of traces that accepts everything, over OTLP in JSON.
final class Collector: Sendable {
    let server: RawServer

    init() {
        server = RawServer { connection, _ in
            while connection.readRequest() != nil {
                connection.respond(200, fields: ["Content-Type: application/json"], "{}")
            }
        }
    }

    deinit { server.stop() }

    /// The spans of all batches until now.
    func spans() throws -> [CollectedSpan] {
        try server.requests.flatMap { request in
            try #require(request.method == "POST" && request.target == "/v1/traces")
            let resources = try JSONValue(parsing: request.body)["resourceSpans"]?.array ?? []
            let scopes = resources.flatMap { $0["scopeSpans"]?.array ?? [] }
            return scopes.flatMap { $0["spans"]?.array ?? [] }.map(CollectedSpan.init)
        }
    }

    /// The resource of the first batch.
    func resource() throws -> CollectedSpan? {
        try server.requests.first.map {
            CollectedSpan(
                json: try JSONValue(parsing: $0.body)["resourceSpans"]?.array?.first?["resource"] ?? nil)
        }
    }
}
