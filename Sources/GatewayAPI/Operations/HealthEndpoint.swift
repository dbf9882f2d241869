import HTTPServing

/// `GET /healthz`: whether the process responds. Never touches the store.
struct HealthEndpoint: Sendable {
    private static let live = HTTPResponse.json(Array(#"{"status":"ok"}"#.utf8))

    func respond(to request: RouteRequest) -> HTTPResponse { Self.live }
}
