import GatewayProtocol
import HTTPServing
import HTTPWire

/// Lets pages of listed origins read responses: the CORS protocol (Fetch Standard §3.2).
///
/// Without credentials: such a page sends the token of a client, and never the session of a visitor.
struct CrossOriginSharing: Sendable {
    private let origins: Set<WebOrigin>

    /// `nil` if no origin is listed: then no response has a field of CORS.
    init?(_ origins: [WebOrigin]) {
        if origins.isEmpty { return nil }
        self.origins = Set(origins)
    }

    /// Whether the request is of a page of a listed origin. Sessions are for the gateway's own pages only.
    func allows(_ head: RequestHead) -> Bool {
        guard let origin = head.fields.single("Origin").flatMap({ WebOrigin($0) }) else { return false }
        return origins.contains(origin) && head.path != GatewayPath.session
    }

    /// Whether the request only asks what a page of a listed origin may send. It has no token.
    func isPreflight(_ head: RequestHead) -> Bool {
        head.method == "OPTIONS" && head.fields.contains("Access-Control-Request-Method") && allows(head)
    }

    /// Returns the disposition with the fields of CORS in its response.
    func applied(to disposition: consuming Disposition, _ head: RequestHead) -> Disposition {
        let origin = allows(head) ? head.fields.single("Origin") : nil
        let isPreflight = isPreflight(head)
        return disposition.changingResponse { $0 = Self.response($0, to: origin, isPreflight: isPreflight) }
    }

    private static func response(
        _ response: HTTPResponse, to origin: String?, isPreflight: Bool
    ) -> HTTPResponse {
        var response = response
        // Also without an origin, so that no cache gives one origin the response to another.
        response.fields = Self.varying(response.fields)
        guard let origin else { return response }
        response.fields.append("Access-Control-Allow-Origin", origin)
        guard isPreflight else {
            response.fields.append("Access-Control-Expose-Headers", readable)
            return response
        }
        guard let methods = response.fields["Allow"] else { return response }
        response.fields.append("Access-Control-Allow-Methods", methods)
        response.fields.append("Access-Control-Allow-Headers", sendable)
        response.fields.append("Access-Control-Max-Age", "600")
        return response
    }

    /// Returns the fields with `Vary: Origin` before any other `Vary`, for caches that read only one line.
    private static func varying(_ fields: HTTPFields) -> HTTPFields {
        var varying = HTTPFields()
        varying.append("Vary", "Origin")
        for position in 0..<fields.count {
            let (name, value) = fields.line(at: position)
            varying.append(name, value)
        }
        return varying
    }

    private static let sendable = """
        Authorization, Content-Type, \(GatewayHeader.idempotencyKey), If-Match, If-None-Match, If-Range, \
        Last-Event-ID, Prefer, Range, Traceparent, Tracestate, X-Request-Id
        """
    private static let readable = """
        Accept-Ranges, Content-Disposition, Content-Range, ETag, \(GatewayHeader.idempotentReplayed), \
        Location, Preference-Applied, RateLimit, RateLimit-Policy, Retry-After, Server-Timing, \
        WWW-Authenticate, X-Request-Id, \(GatewayHeader.shouldRetry)
        """
}
